-- Lets a tenure go on with a new lease and number if no owner waits that can be granted; otherwise grants the lock to
-- the owner that has waited longest. Its first write is PEXPIRE, which a full Redis accepts.
--
-- KEYS, ARGV[1] to [4]: see common.lua
-- ARGV[5] lease in ms if the tenure goes on
--
-- Returns the number if the tenure goes on, -2 if the lock was handed over, -1 if it is free because there is no number
-- left, 0 if it is not the owner's; then nothing is changed.
if redis.call('GET', KEYS[1]) ~= '1:' .. ARGV[1] then
  return 0
end
-- include common.lua
if redis.call('EXISTS', queue) == 0 then
  redis.call('PEXPIRE', lock, ARGV[5])
  local number = next_number()
  if number then
    return number
  end
  redis.call('DEL', lock)
  return -1
end
-- include queue.lua
local found = find_heir(false)
redis.call('PEXPIRE', lock, ARGV[5])
local number = next_number()
if number and found.heir then
  hand_over(found, number)
  return -2
end
tidy(found)
if number then
  return number
end
redis.call('DEL', lock)
return -1
