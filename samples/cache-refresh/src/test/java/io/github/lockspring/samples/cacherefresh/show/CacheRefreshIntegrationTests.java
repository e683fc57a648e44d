package io.github.lockspring.samples.cacherefresh.show;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.github.lockspring.samples.support.SampleRun;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@Timeout(240)
class CacheRefreshIntegrationTests {

    @Test
    void makesEachValueOnceWhileOthersWaitOrTakeTheOldOne() throws Exception {
        try (SampleRun reading = new SampleRun("--cache-refresh.duration=2s")) {
            assertThat(reading.exitCode()).as(reading.output()).isZero();
            List<Integer> withoutLock = reading.figures("without lock", 4);
            assertThat(withoutLock.get(2)).as("rebuilds").isGreaterThan(withoutLock.get(1));
            List<Integer> wait = reading.figures("with @DistributedLock, others wait", 4);
            assertThat(wait.get(2)).as("rebuilds").isEqualTo(wait.get(1)).isGreaterThan(1);
            assertThat(wait.get(3)).as("stale").isZero();
            List<Integer> takeOld = reading.figures("with a fallback to the old value", 4);
            assertThat(takeOld.get(2)).as("rebuilds").isEqualTo(takeOld.get(1)).isGreaterThan(1);
            assertThat(takeOld.get(3)).as("stale").isPositive();
            assertThat(reading.output()).containsPattern("none of the [1-9]\\d* hits took a lock");
        }
    }

    /** A process that is told to start from generated code, and finds none, does not start. */
    @Test
    void doesTheSameFromCodeThatWasGeneratedAheadOfTime() throws Exception {
        try (SampleRun reading = new SampleRun("--aot", "--cache-refresh.processes=2", "--cache-refresh.duration=1s")) {
            await().atMost(Duration.ofSeconds(120)).until(() -> reading.output().contains("ready after"));
            assertThat(reading.handle().descendants())
                    .filteredOn(
                            process -> process.info().commandLine().orElse("").contains(CacheRefreshApplication.READER))
                    .hasSize(2)
                    .allSatisfy(process ->
                            assertThat(process.info().commandLine().orElse("")).contains("-Dspring.aot.enabled=true"));
            assertThat(reading.exitCode()).as(reading.output()).isZero();
            List<Integer> wait = reading.figures("with @DistributedLock, others wait", 4);
            assertThat(wait.get(2)).as("rebuilds").isEqualTo(wait.get(1)).isGreaterThan(1);
            List<Integer> takeOld = reading.figures("with a fallback to the old value", 4);
            assertThat(takeOld.get(3)).as("stale").isPositive();
        }
    }

    @Test
    void failsWhenTheLockDoesNotExclude() throws Exception {
        try (SampleRun reading = new SampleRun(
                "--distributed-lock.enabled=false", "--cache-refresh.processes=2", "--cache-refresh.duration=1s")) {
            assertThat(reading.exitCode()).as(reading.output()).isEqualTo(1);
            assertThat(reading.output()).contains("NOT AS PROMISED", "Is distributed-lock.enabled=false?");
        }
    }
}
