-- Lets a tenure go on with a new lease and number if nobody waits that can be granted; otherwise grants the lock to the
-- owner that has waited longest. Its first write is PEXPIRE, which a full Redis accepts.
--
-- KEYS, ARGV[1] to [4]: see common.lua
-- ARGV[5] lease in ms if the tenure goes on
--
-- Returns { 3, number } if the tenure goes on, { 2 } if the lock was handed over, { 1 } if it is free because there is
-- no number left, { 0 } if it is not the owner's; then nothing is changed.
if redis.call('GET', KEYS[1]) ~= '1:' .. ARGV[1] then
  return { 0 }
end
-- include common.lua
if number and redis.call('EXISTS', queue) == 0 then
  redis.call('PEXPIRE', lock, ARGV[5])
  redis.call('SET', fence, string.format('%.0f', number))
  return { 3, number }
end
-- include queue.lua
local found = find_heir(false)
redis.call('PEXPIRE', lock, ARGV[5])
if not number then
  redis.call('DEL', lock)
  tidy(found)
  return { 1 }
end
if found.heir then
  hand_over(found)
  return { 2 }
end
redis.call('SET', fence, digits(number))
tidy(found)
return { 3, number }
