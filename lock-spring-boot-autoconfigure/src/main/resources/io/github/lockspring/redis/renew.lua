-- Sets leases anew. In a cluster it is called with one key, so that it works while the slot migrates; elsewhere with many:
-- what a call costs beside its commands is then shared by all of them.
--
-- KEYS the locks
-- ARGV for each of them: the value it has while it is the owner's, and the lease in ms
--
-- Returns for each of them 1, or 0 if it is not the owner's and nothing was changed, or, as text, what went wrong with it.
local replies = {}
for i, lock in ipairs(KEYS) do
  local reply = redis.pcall('GET', lock)
  if reply == ARGV[2 * i - 1] then
    reply = redis.pcall('PEXPIRE', lock, ARGV[2 * i])
  elseif type(reply) ~= 'table' then
    reply = 0
  end
  replies[i] = type(reply) == 'table' and reply.err or reply
end
return replies
