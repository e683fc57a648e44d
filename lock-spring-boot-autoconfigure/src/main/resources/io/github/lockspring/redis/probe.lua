-- Reads what the server says of itself, when a store has a new connection, and as long as something is wrong. Changes no
-- key.
--
-- KEYS[1] a key in name only, which finds a server
--
-- Returns one text in the format of INFO: 'time' is the server's clock in us, 'unwritable' says why the server refuses to
-- write, if it does; what follows are sections of INFO, or 'refused' says why the server does not show them. A refusal
-- fails nothing.
local parts = {}
local time = redis.pcall('TIME')
if not time.err then
  parts[1] = 'time:' .. string.format('%.0f', time[1] * 1000000 + time[2])
end
-- refused where memory is needed as well; changes nothing: neither a key that is not there, nor a lock of that name
local written = redis.pcall('ZADD', KEYS[1], 'XX', 0, '')
if type(written) == 'table' and not string.find(written.err, 'WRONGTYPE', 1, true) then
  parts[#parts + 1] = 'unwritable:' .. written.err
end
for _, section in ipairs({ 'server', 'replication', 'memory', 'cluster' }) do
  local info = redis.pcall('INFO', section)
  if type(info) == 'table' then
    parts[#parts + 1] = 'refused:' .. tostring(info.err)
    break
  end
  parts[#parts + 1] = info
end
return table.concat(parts, '\r\n')
