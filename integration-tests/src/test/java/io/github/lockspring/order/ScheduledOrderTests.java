package io.github.lockspring.order;

import static io.github.lockspring.order.OrderedContexts.heldElsewhere;
import static org.assertj.core.api.Assertions.assertThat;

import io.github.lockspring.LockContext;
import io.github.lockspring.LockLease;
import io.github.lockspring.LockNotAcquiredException;
import io.github.lockspring.ProxyKind;
import io.github.lockspring.annotation.DistributedLock;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.springframework.boot.test.context.runner.ApplicationContextRunner;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import org.springframework.scheduling.TaskScheduler;
import org.springframework.scheduling.annotation.EnableScheduling;
import org.springframework.scheduling.annotation.Scheduled;
import org.springframework.scheduling.concurrent.ThreadPoolTaskScheduler;

/** The scheduler calls the proxy: each run locks, and one that cannot fails without ending the schedule. */
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
