package io.github.lockspring.interceptor;

import static org.assertj.core.api.Assertions.assertThat;
import static org.mockito.Mockito.mock;

import io.github.lockspring.annotation.DistributedLock;
import io.github.lockspring.autoconfigure.LockContextRunners;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.springframework.boot.test.context.runner.ApplicationContextRunner;
import org.springframework.transaction.PlatformTransactionManager;
import org.springframework.transaction.ReactiveTransactionManager;
import org.springframework.transaction.annotation.Propagation;
import org.springframework.transaction.annotation.Transactional;
import reactor.core.publisher.Mono;

/** Reactive methods that are transactional: their work is outside of the transactions of blocking managers. */
@Tag("default-line")
class ReactiveTransactionCheckTests {

    private final ApplicationContextRunner runner = LockContextRunners.memory();

    @Test
    void isRefusedWhereOnlyBlockingManagersAre() {
        this.runner
                .withBean(PlatformTransactionManager.class, () -> mock(PlatformTransactionManager.class))
                .withBean(Transactionals.class)
                .run(context -> assertThat(context)
                        .getFailure()
                        .isInstanceOf(InvalidLockAnnotationException.class)
                        .hasMessageContainingAll("Transactionals.place", "there is no ReactiveTransactionManager"));
    }

    @Test
    void isAllowedWithAReactiveManager() {
        this.runner
                .withBean(PlatformTransactionManager.class, () -> mock(PlatformTransactionManager.class))
                .withBean(ReactiveTransactionManager.class, () -> mock(ReactiveTransactionManager.class))
                .withBean(Transactionals.class)
                .run(context -> assertThat(context).hasNotFailed());
    }

    @Test
    void isAllowedWithoutTransactions() {
        this.runner
                .withBean(Transactionals.class)
                .run(context -> assertThat(context).hasNotFailed());
        this.runner
                .withBean(PlatformTransactionManager.class, () -> mock(PlatformTransactionManager.class))
                .withBean(Outside.class)
                .run(context -> assertThat(context).hasNotFailed());
    }

    static class Transactionals {

        @Transactional
        @DistributedLock(name = "order")
        public Mono<String> place() {
            return Mono.just("done");
        }
    }

    static class Outside {

        @Transactional(propagation = Propagation.NOT_SUPPORTED)
        @DistributedLock(name = "order")
        public Mono<String> place() {
            return Mono.just("done");
        }
    }
}
