-- Acquires a free lock, or tells who has it; a poll is the same request again. Whoever has the lock already gets it
-- again, with a new lease and number.
--
-- KEYS, ARGV[1] to [4]: see common.lua
-- ARGV[5] lease in ms
-- ARGV[6] '1': fair, a free lock goes to whoever has waited longest; '0': to whoever finds it free
-- ARGV[7] '1': the owner stands in the queue if it cannot have the lock
-- ARGV[8] 'L': grants reach the owner by message; 'P': only its polls find them
-- ARGV[9] poll interval in ms: the owner asks again within that time while it waits
--
-- Returns, as text, the number if the owner has the lock, and on a second line 1 if it had it already, so that a listener
-- should have been told; otherwise on five lines: time to live in ms (-1: none), rank in the queue (-1: not in it), server
-- clock in us, 1 if the owner said to listen but was passed over because no subscription of its was to be seen or else 0,
-- and the value of the lock.
-- include common.lua
local mine, fair, lease = VERSION .. caller, ARGV[6] == '1', ARGV[5]
local taken, refused = not fair and redis.pcall('SET', lock, mine, 'NX', 'PX', lease)
if taken and taken.err then
  if not string.find(taken.err, 'OOM ', 1, true) then
    return taken
  end
  -- a full Redis can still tell who has the lock
  taken, refused = false, taken
end
local value = not taken and redis.call('GET', lock)

-- Returns the number, or what went wrong: then a lock that was free is free again.
local function take()
  local number, text = next_number()
  if number and not taken then
    redis.call('SET', lock, mine, 'PX', lease)
  end
  local left = number and redis.pcall('ZREM', queue, caller)
  if left == 1 then
    redis.pcall('HDEL', seen, caller)
  end
  local failure = not number and text or type(left) == 'table' and left
  if failure and taken then
    redis.call('DEL', lock)
  end
  return failure or text
end

if value == mine then
  -- a full Redis accepts this, and what follows it
  redis.call('PEXPIRE', lock, lease)
end
if taken then
  return take()
end
if value == mine then
  local text = take()
  return type(text) == 'string' and text .. '\n1' or text
end
if refused and not value then
  return refused
end

-- include queue.lua
local left = value and redis.call('PTTL', lock)
if not value then
  local found = find_heir(true)
  local heir = found.heir
  if not heir or heir.owner == caller then
    local text = take()
    if type(text) == 'string' then
      tidy(found)
    end
    return text
  end
  local number, failure = next_number()
  if not number then
    return failure
  end
  hand_over(found, number)
  value, left = VERSION .. heir.owner, heir.lease
end

local queued, how, poll = ARGV[7] == '1' and not refused, ARGV[8], tonumber(ARGV[9])
local unheard, rank = false, -1
if queued then
  local before = redis.call('HGET', seen, caller)
  if how == 'L' and string.match(before or '', '^%d+:U:') then
    unheard, how = true, 'U'
  end
  local added = redis.pcall('ZADD', queue, 'NX', digits(now), caller)
  queued = type(added) == 'number'
  if not queued and not string.find(added.err, 'OOM ', 1, true) then
    return added
  end
end
if queued then
  redis.call('HSET', seen, caller, table.concat({ digits(now), how, digits(poll), lease, 'E' }, ':'))
  -- five poll intervals at least; with one more, few calls have to set it
  for _, key in ipairs({ queue, seen }) do
    if redis.call('PTTL', key) < 5 * poll then
      redis.call('PEXPIRE', key, digits(6 * poll))
    end
  end
  rank = redis.call('ZRANK', queue, caller)
end
return table.concat({ digits(left), rank, digits(now), unheard and 1 or 0, value }, '\n')
