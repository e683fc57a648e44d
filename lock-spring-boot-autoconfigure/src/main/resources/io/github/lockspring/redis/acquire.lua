-- Acquires a free lock, or tells who has it; a poll is the same request again. Whoever has the lock already gets it
-- again, with a new lease and number.
--
-- KEYS, ARGV[1] to [4]: see queue.lua
-- ARGV[5] lease in ms
-- ARGV[6] '1': fair, a free lock goes to whoever has waited longest; '0': to whoever finds it free
-- ARGV[7] '1': the owner stands in the queue if it cannot have the lock
-- ARGV[8] 'L': grants reach the owner by message; 'P': only its polls find them
-- ARGV[9] poll interval in ms: the owner asks again within that time while it waits
--
-- Returns { 1, number } if the owner has the lock, otherwise
-- { 0, value of the lock, time to live in ms (-1: none), rank in the queue (-1: not in it), server clock in us,
--   1 if the owner said to listen but was passed over because no subscription of its was to be seen }
-- include queue.lua
local lease, fair, may_queue, how, poll = ARGV[5], ARGV[6] == '1', ARGV[7] == '1', ARGV[8], tonumber(ARGV[9])

local value = redis.call('GET', lock)
local left = value and redis.call('PTTL', lock)
local now = clock()
local number = next_number(now)
local found = { stale = {}, unheard = {} }
if fair and not value then
  found = find_heir(now, true)
end
local heir = found.heir

if value == VERSION .. caller or (not value and (not heir or heir.owner == caller)) then
  if not number then
    return redis.error_reply('ERR fencing counter ' .. fence .. ' is no number below 2^52')
  end
  redis.call('SET', lock, VERSION .. caller, 'PX', lease)
  redis.call('SET', fence, digits(number))
  if redis.call('ZREM', queue, caller) == 1 then
    redis.call('HDEL', seen, caller)
  end
  tidy(found)
  return { 1, number }
end

local before = may_queue and redis.call('HGET', seen, caller) or ''
if heir then
  if heir.listens and not number then
    return redis.error_reply('ERR fencing counter ' .. fence .. ' is no number below 2^52')
  end
  hand_over(found, number, now)
  value, left = VERSION .. heir.owner, heir.lease
end

local unheard = how == 'L' and string.match(before, '^%d+:U:') ~= nil
local rank = -1
if may_queue then
  if unheard then
    how = 'U'
  end
  redis.call('ZADD', queue, 'NX', digits(now), caller)
  redis.call('HSET', seen, caller, table.concat({ digits(now), how, digits(poll), lease, 'E' }, ':'))
  for _, key in ipairs({ queue, seen }) do
    if redis.call('PTTL', key) < 5 * poll then
      redis.call('PEXPIRE', key, digits(5 * poll))
    end
  end
  rank = redis.call('ZRANK', queue, caller)
end
return { 0, value, left, rank, now, unheard and 1 or 0 }
