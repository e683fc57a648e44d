-- Lets a lock expire, without granting it to another owner before.
--
-- KEYS[1] the lock
-- ARGV[1] the value it has while it is the owner's
-- ARGV[2] time to live from now on in ms
--
-- Returns -3, or 0 if the lock is not the owner's; then nothing is changed.
if redis.call('GET', KEYS[1]) ~= ARGV[1] then
  return 0
end
redis.call('PEXPIRE', KEYS[1], ARGV[2])
return -3
