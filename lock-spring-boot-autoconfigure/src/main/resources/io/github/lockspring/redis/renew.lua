-- Sets the lease of a lock anew. One key and nothing else, so that it works while the slot migrates.
--
-- KEYS[1] the lock
-- ARGV[1] the value it has while it is the owner's
-- ARGV[2] lease in ms
--
-- Returns { 1 }, or { 0 } if the lock is not the owner's; then nothing is changed.
if redis.call('GET', KEYS[1]) ~= ARGV[1] then
  return { 0 }
end
return { redis.call('PEXPIRE', KEYS[1], ARGV[2]) }
