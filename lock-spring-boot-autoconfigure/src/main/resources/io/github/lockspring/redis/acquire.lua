-- Acquires a free lock, or returns who has it; a poll is the same request again. An owner that already has the lock
-- gets it again, with a new number and the longer one of the two leases.
--
-- KEYS, ARGV[1] to [4]: see common.lua
-- ARGV[5] lease in ms
-- ARGV[6] '1': fair, a free lock goes to the owner that has waited longest; '0': to the one that finds it free
-- ARGV[7] '1': the owner stands in the queue if it cannot have the lock
-- ARGV[8] 'L': grants reach the owner by message; 'P': only its polls find them
-- ARGV[9] poll interval in ms: the owner asks again within that time while it waits
-- ARGV[10] how long the owner has waited in us: it stands in the queue like one that first asked so long ago
--
-- Returns, as text, the number if the owner has the lock, and on a second line 1 if it had it already, so that a
-- listener should have been told; otherwise on five lines: time to live in ms (-1: none), rank in the queue (-1: not in
-- it), server clock in us, 1 if the owner said to listen but was passed over because no subscription of its was to be
-- seen or else 0, and the value of the lock.
-- include common.lua
local mine, fair, lease = VERSION .. caller, ARGV[6] == '1', ARGV[5]
local taken, refused = not fair and redis.pcall('SET', lock, mine, 'NX', 'PX', lease)
if taken and taken.err then
  if not string.find(taken.err, 'OOM ', 1, true) then
    return taken
  end
  -- a full Redis can still report who has the lock
  taken, refused = false, taken
end
local value = not taken and redis.call('GET', lock)
local left = value and redis.call('PTTL', lock)

-- Returns the number, or what went wrong: then a lock that was free is free again.
local function take()
  local number, text = next_number()
  if number and not taken and not value then
    redis.call('SET', lock, mine, 'PX', lease)
  end
  local waited = number and redis.pcall('ZREM', queue, caller)
  if waited == 1 then
    if redis.call('EXISTS', queue) == 1 then
      redis.pcall('HDEL', seen, caller)
    else
      redis.call('DEL', seen)
    end
  end
  local failure = not number and text or type(waited) == 'table' and waited
  if failure and taken then
    redis.call('DEL', lock)
  end
  return failure or text
end

if taken then
  return take()
end
if value == mine then
  -- a full Redis accepts this, and what follows it
  redis.call('PEXPIRE', lock, math.max(left, lease))
  local text = take()
  return type(text) == 'string' and text .. '\n1' or text
end
if refused and not value then
  return refused
end

-- include queue.lua
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
local unheard, rank, resumed = false, -1, 0
if queued then
  local before = redis.call('HMGET', seen, caller, 'due', 'resumed')
  if how == 'L' and string.match(before[1] or '', '^%d+:U:') then
    unheard, how = true, 'U'
  end
  resumed = resumed_at(before[2], before[3])
  -- asking again never loses the place in the queue, and regains a place that the server has lost
  local added = redis.pcall('ZADD', queue, 'LT', now - ARGV[10], caller)
  queued = type(added) == 'number'
  if not queued and not string.find(added.err, 'OOM ', 1, true) then
    return added
  end
end
if queued then
  redis.call('HSET', seen, caller, table.concat({ digits(now), how, digits(poll), lease, 'E' }, ':'),
    'due', now + SILENT_POLLS * 1000 * poll)
  if resumed == now then
    redis.call('HSET', seen, 'resumed', now)
  end
  -- both outlive a stall as long as locks do; with one additional poll interval, few calls have to set the expiry
  if redis.call('PTTL', queue) < lease + 5 * poll then
    redis.call('PEXPIRE', queue, lease + 6 * poll)
    redis.call('PEXPIRE', seen, lease + 6 * poll)
  end
  rank = redis.call('ZRANK', queue, caller)
end
return table.concat({ digits(left), rank, digits(now), unheard and 1 or 0, value }, '\n')
