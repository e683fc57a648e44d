-- Frees a lock, or grants it to the owner that has waited longest. Its first write is DEL, which a full Redis accepts;
-- everything that the script needs is read before.
--
-- KEYS, ARGV[1] to [4]: see common.lua
--
-- Returns -1 if the lock is free, -2 if it was handed over, 0 if it is not the owner's; then nothing is changed.
if redis.call('GET', KEYS[1]) ~= '1:' .. ARGV[1] then
  return 0
end
if redis.call('EXISTS', KEYS[2]) == 0 then
  redis.call('DEL', KEYS[1])
  return -1
end
-- include common.lua
-- include queue.lua
local found = find_heir(false)
redis.call('DEL', lock)
local number = found.heir and next_number()
if number then
  hand_over(found, number)
  return -2
end
tidy(found)
return -1
