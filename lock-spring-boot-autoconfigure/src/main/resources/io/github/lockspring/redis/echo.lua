-- Sends a message to the process that calls, so that it learns whether messages arrive.
--
-- KEYS[1] the channel of the process: a key in name only, which finds a server and is covered by the permission for
-- keys
-- ARGV[1] the message
--
-- Returns how many subscribers this server has for the channel.
return redis.call('PUBLISH', KEYS[1], ARGV[1])
