-- Frees a lock, or grants it to the owner that has waited longest. Its first write is DEL, which a full Redis accepts;
-- whatever the script needs to know is read before.
--
-- KEYS, ARGV[1] to [4]: see queue.lua
--
-- Returns { 1 } if the lock is free, { 2 } if it was handed over, { 0 } if it is not the owner's; then nothing is changed.
-- include queue.lua
if redis.call('GET', lock) ~= VERSION .. caller then
  return { 0 }
end
if redis.call('EXISTS', queue) == 0 then
  redis.call('DEL', lock)
  return { 1 }
end
local now = clock()
local found = find_heir(now, false)
local number = next_number(now)
redis.call('DEL', lock)
if found.heir and number then
  hand_over(found, number, now)
  return { 2 }
end
tidy(found)
return { 1 }
