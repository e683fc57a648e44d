package io.github.lockspring.order;

import static io.github.lockspring.order.OrderedContexts.heldElsewhere;
import static org.assertj.core.api.Assertions.assertThat;

import io.github.lockspring.LockContext;
import io.github.lockspring.LockLease;
import io.github.lockspring.LockNotAcquiredException;
import io.github.lockspring.ProxyKind;
import io.github.lockspring.annotation.DistributedLock;
import io.github.lockspring.annotation.OnContention;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.springframework.boot.test.context.runner.ApplicationContextRunner;
import org.springframework.boot.test.system.CapturedOutput;
import org.springframework.boot.test.system.OutputCaptureExtension;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import org.springframework.scheduling.TaskScheduler;
import org.springframework.scheduling.annotation.EnableScheduling;
import org.springframework.scheduling.annotation.Scheduled;
import org.springframework.scheduling.concurrent.ThreadPoolTaskScheduler;

/** The scheduler calls the proxy: each run locks, and one that cannot fails without ending the schedule. */
@ExtendWith(OutputCaptureExtension.class)
class ScheduledOrderTests {

    @ParameterizedTest
    @EnumSource
    void eachRunLocksOnTheThreadOfTheScheduler(ProxyKind kind) {
        runner(kind)
                .run(context -> assertThat(context.getBean(Runs.class).next(String.class))
                        .isEqualTo("locked on scheduler-1"));
    }

    @ParameterizedTest
    @EnumSource
    void runThatDoesNotGetTheLockFailsAndTheNextOneTries(ProxyKind kind) {
        runner(kind).withPropertyValues("period=10").run(context -> {
            Runs runs = context.getBean(Runs.class);
            try (LockLease lease = heldElsewhere(context, "1")) {
                assertThat(runs.next(LockNotAcquiredException.class)).hasMessageContaining("order");
                assertThat(lease.isHeld()).isTrue();
            }
            assertThat(runs.next(String.class)).isEqualTo("locked on scheduler-1");
        });
    }

    /** The next tick begins after the one before has ended, whichever way. */
    @ParameterizedTest
    @EnumSource
    void runThatIsSkippedLogsNothingAndTheNextOneTries(ProxyKind kind, CapturedOutput output) {
        OrderedContexts.runner(kind)
                .withUserConfiguration(PlainScheduling.class)
                .withBean("runs", Runs.class)
                .withBean(SkippedJob.class)
                .run(context -> {
                    Runs runs = context.getBean(Runs.class);
                    int logged;
                    try (LockLease lease = heldElsewhere(context, "1")) {
                        runs.next(Asked.class);
                        logged = output.getAll().length();
                        for (int tick = 0; tick < 3; tick++) {
                            runs.next(Asked.class);
                        }
                        assertThat(lease.isHeld()).isTrue();
                    }
                    assertThat(output.getAll().substring(logged)).isEmpty();
                    assertThat(runs.next(String.class)).isEqualTo("locked");
                });
    }

    private static ApplicationContextRunner runner(ProxyKind kind) {
        return OrderedContexts.runner(kind)
                .withUserConfiguration(Scheduling.class)
                .withBean(Runs.class)
                .withBean(LockedJob.class)
                .withPropertyValues("period=1000000");
    }

    @Configuration(proxyBeanMethods = false)
    @EnableScheduling
    static class Scheduling {

        @Bean
        TaskScheduler scheduler(Runs runs) {
            ThreadPoolTaskScheduler scheduler = new ThreadPoolTaskScheduler();
            scheduler.setThreadNamePrefix("scheduler-");
            scheduler.setErrorHandler(runs::add);
            return scheduler;
        }
    }

    /** Errors are logged, as Spring does it. */
    @Configuration(proxyBeanMethods = false)
    @EnableScheduling
    static class PlainScheduling {

        @Bean
        TaskScheduler scheduler() {
            return new ThreadPoolTaskScheduler();
        }
    }

    /** A lock was asked for. */
    record Asked() {}

    /** What became of each run. */
    static class Runs {

        private final BlockingQueue<Object> outcomes = new LinkedBlockingQueue<>();

        void add(Object outcome) {
            this.outcomes.add(outcome);
        }

        /** Waits for the next outcome of a type. */
        <T> T next(Class<T> type) throws InterruptedException {
            while (true) {
                Object outcome = this.outcomes.poll(1, TimeUnit.MINUTES);
                assertThat(outcome).as("outcome of a run").isNotNull();
                if (type.isInstance(outcome)) {
                    return type.cast(outcome);
                }
            }
        }
    }

    static class SkippedJob implements Job {

        private final Runs runs;

        SkippedJob(Runs runs) {
            this.runs = runs;
        }

        /** Called by the expression of the key. */
        public String asked() {
            this.runs.add(new Asked());
            return "1";
        }

        @Override
        @Scheduled(fixedDelay = 10)
        @DistributedLock(name = "order", key = "#root.target.asked()", onContention = OnContention.SKIP)
        public void run() {
            this.runs.add(LockContext.current().isPresent() ? "locked" : "unlocked");
        }
    }

    interface Job {

        void run();
    }

    static class LockedJob implements Job {

        private final Runs runs;

        LockedJob(Runs runs) {
            this.runs = runs;
        }

        @Override
        @Scheduled(fixedDelayString = "${period}")
        @DistributedLock(name = "order", key = "'1'")
        public void run() {
            this.runs.add((LockContext.current().filter(LockLease::isHeld).isPresent() ? "locked on " : "unlocked on ")
                    + Thread.currentThread().getName());
        }
    }
}
