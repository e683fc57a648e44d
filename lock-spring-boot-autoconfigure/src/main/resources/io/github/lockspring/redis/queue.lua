-- Included after common.lua by scripts that may queue or hand over. Reads and writes are kept apart: find_heir only
-- reads, so that a script can read everything before it changes the lock.
local channels, grant_lease, clustered = ARGV[2], tonumber(ARGV[3]), ARGV[4] == '1'
local SILENT_POLLS, UNSEEN_POLLS, CHUNK = 2, 3, 16

-- The channel of an owner is named after its process: the owner without its sequence.
local function channel_of(owner)
  return channels .. (string.match(owner, '^(.*):[^:]*$') or owner)
end

-- While owners live, one of them asks every poll interval. If none has asked by the time at which one was due, the
-- server has probably stalled, and no owner could be seen: absence counts from the time at which the server resumed. If
-- all owners are in fact gone, they only leave the queue later.
local function resumed_at(due, resumed)
  return due and now > tonumber(due) and now or tonumber(resumed or 0)
end

-- The owner that has waited longest among those that can be granted, and what else was found: owners that have not been
-- seen for too long, and owners that listen without a subscription. The caller counts only with caller_counts, whatever
-- its place.
local function find_heir(caller_counts)
  local found, subscribers = { gone = {}, unheard = {} }, {}
  local from = 0
  while true do
    local owners = redis.call('ZRANGE', queue, from, from + CHUNK - 1)
    if #owners == 0 then
      return found
    end
    local entries = redis.call('HMGET', seen, 'due', 'resumed', unpack(owners))
    found.resumed = resumed_at(entries[1], entries[2])
    for i, owner in ipairs(owners) do
      local entry = entries[i + 2] or ''
      local at, how, poll, lease, mode = string.match(entry, '^(%d+):(%u):(%d+):(%d+):(%u)$')
      if owner == caller then
        if caller_counts then
          found.heir = { owner = owner }
          return found
        end
      elseif entry == '' or (at and now - math.max(at, found.resumed) > UNSEEN_POLLS * 1000 * tonumber(poll)) then
        table.insert(found.gone, owner)
      elseif mode == 'E' then
        local heir = { owner = owner, listens = how ~= 'P', channel = channel_of(owner) }
        heir.lease = heir.listens and math.min(grant_lease, tonumber(lease)) or 2 * tonumber(poll)
        local count = (clustered or not heir.listens) and 1 or subscribers[heir.channel]
        if not count then
          local reply = redis.pcall('PUBSUB', 'NUMSUB', heir.channel)
          count = not reply.err and tonumber(reply[2]) or 0
          subscribers[heir.channel] = count
        end
        if count > 0 then
          found.heir = heir
          return found
        end
        table.insert(found.unheard, { owner, (string.gsub(entry, ':%u:', ':U:', 1)) })
      end
    end
    from = from + CHUNK
  end
end

-- Removes the owners that find_heir found gone, and lets those that listen without a subscription learn it from their
-- next poll. A stall is recorded once, and not found again until an owner has asked.
local function tidy(found)
  for _, owner in ipairs(found.gone) do
    redis.call('ZREM', queue, owner)
  end
  if redis.call('EXISTS', queue) == 0 then
    redis.call('DEL', seen)
    return
  end
  for _, owner in ipairs(found.gone) do
    redis.call('HDEL', seen, owner)
  end
  for _, mark in ipairs(found.unheard) do
    redis.call('HSET', seen, mark[1], mark[2])
  end
  if found.resumed == now then
    redis.call('HSET', seen, 'due', MAX_NUMBER, 'resumed', now)
  end
end

-- Gives the lock to the heir: a listener is notified immediately and has the number; a poller finds the lock reserved
-- when it asks again, and gets its number then.
local function hand_over(found, number)
  local heir = found.heir
  redis.call('SET', lock, VERSION .. heir.owner, 'PX', heir.lease)
  table.insert(found.gone, heir.owner)
  tidy(found)
  if heir.listens then
    redis.pcall('PUBLISH', heir.channel,
      table.concat({ '1', digits(number), digits(heir.lease), digits(now), heir.owner, lock }, '\n'))
  end
end
