-- Included by acquire, release, keep and leave, which share these keys and first arguments. Few functions are here,
-- because every call sets up all functions of its script, and most calls do not need more.
--
-- KEYS[1] the lock, a string: layout version ':' owner
-- KEYS[2] the queue, a sorted set: owner, by server clock in microseconds at which it began to wait
-- KEYS[3] when its owners were last seen, a hash: owner -> 'seen us:how:poll interval ms:lease ms:mode';
--         how is L (listens), P (polls) or U (said to listen, but its subscription was not to be seen);
--         beside them 'due' and 'resumed', in us, which tell of stalls of the server: see queue.lua
-- KEYS[4] the fencing counter of the slot
-- ARGV[1] the owner that calls
-- ARGV[2] before the name of every process's channel
-- ARGV[3] grant lease in ms
-- ARGV[4] '1' in a cluster, where one node cannot count the subscribers of all
--
-- Replies are integers or one text: a list costs Redis as much as a short script. No script has both, because drivers
-- must know the type in advance.
local lock, queue, seen, fence, caller = KEYS[1], KEYS[2], KEYS[3], KEYS[4], ARGV[1]
local VERSION, MAX_NUMBER = '1:', 4503599627370496

-- The server's clock in microseconds.
local time = redis.call('TIME')
local now = time[1] * 1000000 + time[2]

-- 17 digits and more survive only this way.
local function digits(number)
  return string.format('%.0f', number)
end

-- Increments the counter. Returns a number greater than every one before, and its digits, as long as the counter or the
-- clock advances; or nil and the error, with the value of the counter unchanged. Does not raise an error, because it
-- may follow a write.
local function next_number()
  local text = digits(now)
  local last = redis.pcall('SET', fence, text, 'GET')
  if not last then
    return now, text
  end
  if type(last) == 'table' then
    return nil, last
  end
  local known = tonumber(last)
  local number = known and math.max(known + 1, now) or MAX_NUMBER
  if number == now then
    return now, text
  end
  if number < MAX_NUMBER then
    text = digits(number)
    redis.pcall('SET', fence, text)
    return number, text
  end
  redis.pcall('SET', fence, last)
  return nil, redis.error_reply('ERR fencing counter ' .. fence .. ' is no number below 2^52')
end
