package io.github.lockspring.test;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.github.lockspring.store.AcquireOutcome;
import io.github.lockspring.store.TenureId;
import io.github.lockspring.store.TenureRequest;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

/** The store itself, without an engine. */
class ControlledLockStoreTests {

    private static final TenureRequest REQUEST =
            TenureRequest.of(TenureId.exclusive("order:42", "tests@host:1:a:1"), Duration.ofSeconds(30));

    /** However long a test takes, for example in a debugger. */
    @Test
    void theOtherProcessKeepsItsLockBeyondItsLease() {
        try (ControlledLockStore store = new ControlledLockStore(Duration.ofMillis(200))) {
            store.holdElsewhere("order:42");
            await().pollInterval(Duration.ofMillis(300))
                    .during(Duration.ofMillis(900))
                    .untilAsserted(() -> {
                        assertThat(store.acquire(REQUEST).toCompletableFuture().join())
                                .isInstanceOf(AcquireOutcome.Contended.class);
                        assertThat(store.holder("order:42")
                                        .toCompletableFuture()
                                        .join())
                                .isPresent();
                    });
        }
    }

    @Test
    void commandsThatAreLateAreExecutedInTheirOrderWhenItIsReset() {
        try (ControlledLockStore store = new ControlledLockStore(Duration.ofSeconds(30))) {
            List<String> answers = new ArrayList<>();
            store.faults.slowDown(Duration.ofMinutes(1));
            store.acquire(REQUEST).thenAccept(outcome -> answers.add("acquired"));
            store.leave(REQUEST.tenure()).thenAccept(nothing -> answers.add("left"));
            assertThat(answers).isEmpty();
            store.reset();
            assertThat(answers).containsExactly("acquired", "left");
            assertThat(store.holder("order:42").toCompletableFuture().join()).isEmpty();
        }
    }
}
