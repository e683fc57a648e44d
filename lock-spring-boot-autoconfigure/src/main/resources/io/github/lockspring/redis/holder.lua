-- Returns who has a lock.
--
-- KEYS[1] the lock
--
-- Returns { value of the lock, time to live in ms (-1: none) }, or {} if it is free.
local value = redis.call('GET', KEYS[1])
if not value then
  return {}
end
return { value, redis.call('PTTL', KEYS[1]) }
