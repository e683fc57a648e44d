package io.github.lockspring.process;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.lockspring.testredis.TestRedis;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/** Many threads of many processes that never let a lock rest: all of them get it, in time. */
@Tag("default-line")
class StarvationIntegrationTests {

    private static final int PROCESSES = 4;

    private static final int THREADS = 4;

    private static final int MANY = 20;

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

        List<List<Long>> threads = contend(Duration.ofSeconds(4));

        List<Long> all = threads.stream().flatMap(List::stream).sorted().toList();
        int mean = all.size() / threads.size();
        assertThat(threads).hasSize(PROCESSES * THREADS);
        assertThat(all).doesNotHaveDuplicates();
        assertThat(threads).as("turns of each thread").allMatch(tokens -> tokens.size() > mean / MANY);
        assertThat(threads.stream().map(tokens -> longestWait(tokens, all)).toList())
                .as("most turns of others between two of each thread")
                .allMatch(turns -> turns < MANY * threads.size());
    }

    /** How many turns of others have been between two of a thread at most. */
    private static int longestWait(List<Long> tokens, List<Long> all) {
        assertThat(tokens).as("tokens in the order of entry").isSorted();
        List<Integer> turns = tokens.stream()
                .map(token -> Collections.binarySearch(all, token))
                .toList();
        return IntStream.range(1, turns.size())
                .map(i -> turns.get(i) - turns.get(i - 1) - 1)
                .max()
                .orElse(all.size());
    }

    private List<List<Long>> contend(Duration time) {
        this.processes.forEach(process -> process.contend("busy", THREADS, time));
        return this.processes.stream()
                .flatMap(process -> process.awaitTokens().stream())
                .toList();
    }
}
