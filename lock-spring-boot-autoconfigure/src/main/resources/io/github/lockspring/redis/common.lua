-- Included by acquire, release, keep and leave, which share these keys and first arguments. No functions here: whatever
-- stands in a script is set up anew by every call, and most calls need nothing more.
--
-- KEYS[1] the lock, a string: layout version ':' owner
-- KEYS[2] the queue, a sorted set: owner, by server clock in microseconds at its first request
-- KEYS[3] when its owners were last seen, a hash: owner -> 'seen us:how:poll interval ms:lease ms:mode';
--         how is L (listens), P (polls) or U (said to listen, but its subscription was not to be seen)
-- KEYS[4] the fencing counter of the slot
-- ARGV[1] the owner that calls
-- ARGV[2] before the name of every process's channel
-- ARGV[3] grant lease in ms
-- ARGV[4] '1' in a cluster, where one node cannot count the subscribers of all
local lock, queue, seen, fence, caller = KEYS[1], KEYS[2], KEYS[3], KEYS[4], ARGV[1]
local VERSION, MAX_NUMBER = '1:', 4503599627370496

-- The server's clock in microseconds.
local time = redis.call('TIME')
local now = time[1] * 1000000 + time[2]

-- Greater than every number before, as long as the counter or the clock goes on; nil when there is none left.
local number, last = now, redis.call('GET', fence)
if last then
  last = tonumber(last)
  number = last and math.max(last + 1, now)
end
if number and number >= MAX_NUMBER then
  number = nil
end
