package io.github.lockspring.store;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.lockspring.LockOptions;
import io.github.lockspring.engine.ReleaseWait;
import io.github.lockspring.memory.InMemoryLockStore;
import java.time.Duration;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;

/** Requests that are under way while a process begins to listen. */
class EngineSubscriptionTests {

    @Test
    void waiterWhoseRequestCrossesTheConfirmationTellsThatItListens() throws InterruptedException {
        LockOptions options = EngineSuite.newOptions();
        try (InMemoryLockStore locks = new InMemoryLockStore()) {
            LateSubscription store = new LateSubscription(locks);
            StoreProcess others = new StoreProcess("others", locks);
            for (int i = 0; i < 3; i++) {
                others.owner(options.lockName().fullName())
                        .leasing(Duration.ofHours(2))
                        .poll();
            }
            try (EngineProcess process = new EngineProcess(store, ReleaseWait.ASYNC, Duration.ofHours(1))) {
                process.locks().acquireAsync(options);
                assertThat(next(store).listening()).isFalse();
                store.confirm();
                assertThat(next(store).listening()).isTrue();
            }
        }
    }

    private static TenureRequest next(LateSubscription store) throws InterruptedException {
        TenureRequest request = store.requests().poll(20, TimeUnit.SECONDS);
        assertThat(request).as("a request within twenty seconds").isNotNull();
        return request;
    }
}
