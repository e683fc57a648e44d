package io.github.lockspring.process;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.lockspring.testredis.TestRedis;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** Many threads of many processes that never let a lock rest: all of them get it, in time. */
class StarvationIntegrationTests {

    private static final int PROCESSES = 4;

    private static final int THREADS = 4;

    /** As many as there are threads are the mean. */
    private static final int MOST_TURNS_OF_OTHERS = 20 * PROCESSES * THREADS;

    private final TestRedis redis = TestRedis.shared();

    private final String prefix = TestRedis.newPrefix();

    private final List<WorkerProcess> processes = new ArrayList<>();

    @AfterEach
    void close() {
        this.processes.forEach(WorkerProcess::close);
    }

    /** Counted in turns: how long those take is the machine's business. */
    @Test
    void noThreadWaitsManyTimesAsLongAsTheOthers() {
        for (int i = 0; i < PROCESSES; i++) {
            this.processes.add(WorkerProcess.start(
                    Wiring.TEMPLATE_OVER_LETTUCE, this.redis.host(), this.redis.port(), this.prefix));
        }
        this.processes.forEach(WorkerProcess::awaitReady);
        contend(Duration.ofSeconds(1));

        List<List<Long>> threads = contend(Duration.ofSeconds(3));

        List<Long> entries = threads.stream().flatMap(List::stream).sorted().toList();
        assertThat(threads).hasSize(PROCESSES * THREADS);
        assertThat(entries).doesNotHaveDuplicates();
        Map<Long, Integer> turns = new HashMap<>();
        entries.forEach(token -> turns.put(token, turns.size()));
        List<Integer> waits =
                threads.stream().map(tokens -> longestWait(tokens, turns)).toList();
        assertThat(waits)
                .as("most turns of others between two of each thread")
                .allMatch(wait -> wait < MOST_TURNS_OF_OTHERS);
    }

    /** How many turns of others a thread has waited for at most, before its first turn and after its last one too. */
    private static int longestWait(List<Long> tokens, Map<Long, Integer> turns) {
        assertThat(tokens).as("tokens in the order of entry").isSorted();
        int longest = 0;
        int last = -1;
        for (Long token : tokens) {
            int turn = turns.getOrDefault(token, turns.size());
            longest = Math.max(longest, turn - last - 1);
            last = turn;
        }
        return Math.max(longest, turns.size() - last - 1);
    }

    private List<List<Long>> contend(Duration time) {
        this.processes.forEach(process -> process.contend("busy", THREADS, time));
        return this.processes.stream()
                .flatMap(process -> process.awaitTokens().stream())
                .toList();
    }
}
