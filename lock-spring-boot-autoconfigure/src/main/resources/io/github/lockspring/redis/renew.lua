-- Renews leases; one that lasts longer already stays as it is. In a cluster it is called with one key, so that it works
-- while the slot migrates; otherwise with many, which share the cost of the call itself.
--
-- KEYS the locks
-- ARGV[1] how the value of each of them begins while it is the owner's
-- ARGV[2] and on, for each of them: how that value goes on, and the lease in ms
--
-- Returns, as text, a line for each that was not renewed: its place among the keys, a blank, and what went wrong;
-- nothing more if it is not the owner's. Then it was not changed. A replica fails as a whole.
local failures = {}
for i, lock in ipairs(KEYS) do
  local reply = redis.pcall('GET', lock)
  if reply == ARGV[1] .. ARGV[2 * i] then
    local left, lease = redis.call('PTTL', lock), ARGV[2 * i + 1]
    -- a write even if nothing changes, so that a demoted master refuses
    reply = redis.pcall('PEXPIRE', lock, left > tonumber(lease) and left or lease)
  end
  if reply ~= 1 then
    local failure = type(reply) == 'table' and reply.err or ''
    if string.find(failure, 'READONLY', 1, true) then
      return reply
    end
    table.insert(failures, i .. ' ' .. string.gsub(failure, '[\r\n]', ' '))
  end
end
return table.concat(failures, '\n')
