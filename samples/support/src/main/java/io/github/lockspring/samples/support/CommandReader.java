package io.github.lockspring.samples.support;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.nio.charset.StandardCharsets;
import java.util.function.Consumer;
import org.springframework.dao.DataAccessException;
import org.springframework.data.redis.connection.RedisConnection;
import org.springframework.data.redis.connection.RedisConnectionFactory;

/** In a process that a show has started: says that it is ready, and reads what the show sends through standard input. */
public final class CommandReader {

    private final RedisConnectionFactory redis;

    public CommandReader(RedisConnectionFactory redis) {
        this.redis = redis;
    }

    /** Returns with the end of standard input: the show is over, or its process has ended. */
    public void forEach(Consumer<String> command) throws IOException {
        readiness().send();
        BufferedReader commands = new BufferedReader(new InputStreamReader(System.in, StandardCharsets.UTF_8));
        for (String line = commands.readLine(); line != null; line = commands.readLine()) {
            command.accept(line);
        }
    }

    /** Locks connect when they are needed; the show does not begin if they cannot. */
    private ProcessEvent readiness() {
        try (RedisConnection connection = this.redis.getConnection()) {
            connection.ping();
            return ProcessEvent.of(ProcessEvent.READY, "");
        } catch (DataAccessException ex) {
            return ProcessEvent.of(ProcessEvent.FAILED, "Redis cannot be used. " + ex.getMostSpecificCause());
        }
    }
}
