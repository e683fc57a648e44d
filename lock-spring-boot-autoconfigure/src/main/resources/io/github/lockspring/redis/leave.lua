-- Removes an owner from the queue, and from the lock if it has got it, which is then freed or granted to the owner that
-- has waited longest. Its first write is ZREM, which a full Redis accepts and a demoted master always refuses. If
-- neither queue nor lock contains the owner, nothing is changed.
--
-- KEYS, ARGV[1] to [4]: see common.lua
--
-- Returns 1 if the owner was in the queue or had the lock, otherwise 0.
local value = redis.call('GET', KEYS[1])
local held = value == '1:' .. ARGV[1]
if redis.call('ZREM', KEYS[2], ARGV[1]) == 0 and not held then
  return 0
end
-- include common.lua
-- include queue.lua
local found = (held or not value) and find_heir(false) or { gone = {}, unheard = {} }
redis.pcall('HDEL', seen, caller)
if held then
  redis.call('DEL', lock)
end
local number = found.heir and next_number()
if number then
  hand_over(found, number)
else
  tidy(found)
end
return 1
