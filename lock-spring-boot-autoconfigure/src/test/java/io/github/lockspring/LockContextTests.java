package io.github.lockspring;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** The leases that a thread runs under. */
final class LockContextTests {

    private final StubLease outer = new StubLease();

    private final StubLease inner = new StubLease();

    @AfterEach
    void nothingIsBound() {
        assertThat(LockContext.find(lease -> true)).isNull();
    }

    @Test
    void isTheInnermostHeldLease() {
        try (LockContext.Scope first = LockContext.bind(this.outer)) {
            assertThat(LockContext.current()).containsSame(this.outer);
            try (LockContext.Scope second = LockContext.bind(this.inner)) {
                assertThat(LockContext.current()).containsSame(this.inner);
                this.inner.lost = true;
                assertThat(LockContext.current()).containsSame(this.outer);
                assertThat(second).isNotSameAs(first);
            }
        }
    }

    @Test
    void bindingsMayEndInAnyOrder() {
        LockContext.Scope first = LockContext.bind(this.outer);
        LockContext.Scope second = LockContext.bind(this.inner);
        first.close();
        assertThat(LockContext.current()).containsSame(this.inner);
        second.close();
        second.close();
        assertThat(LockContext.current()).isEmpty();
    }

    @Test
    void endsFromAnotherThread() {
        LockContext.Scope scope = LockContext.bind(this.outer);
        assertThat(CompletableFuture.runAsync(scope::close)).succeedsWithin(Duration.ofSeconds(5));
        assertThat(LockContext.current()).isEmpty();
        try (LockContext.Scope next = LockContext.bind(this.inner)) {
            assertThat(LockContext.current()).containsSame(this.inner);
            assertThat(next).isNotNull();
        }
    }

    @Test
    void isOfThisThreadOnly() {
        try (LockContext.Scope scope = LockContext.bind(this.outer)) {
            assertThat(CompletableFuture.supplyAsync(LockContext::current))
                    .succeedsWithin(Duration.ofSeconds(5))
                    .satisfies(found -> assertThat(found).isEmpty());
            assertThat(scope).isNotNull();
        }
    }
}
