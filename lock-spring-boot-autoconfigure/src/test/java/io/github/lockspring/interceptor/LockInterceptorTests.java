package io.github.lockspring.interceptor;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.github.lockspring.LockDurations;
import io.github.lockspring.LockException;
import io.github.lockspring.LockOptions;
import io.github.lockspring.annotation.DistributedLock;
import java.io.IOException;
import java.time.Duration;
import org.junit.jupiter.api.Test;

class LockInterceptorTests {

    private final Proxies proxies = new Proxies();

    private final RecordingLocks operations = this.proxies.operations();

    @Test
    void runsBodyUnderTheLockOfItsClassAndMethod() {
        Orders orders = this.proxies.ofClass(new Orders(this.operations));
        assertThat(orders.isLocked()).isTrue();
        assertThat(this.operations.locked()).containsExactly(Orders.class.getName() + ".isLocked");
    }

    @Test
    void locksCallsThroughAnInterface() {
        Locked locked = this.proxies.ofInterfaces(new Orders(this.operations), Locked.class);
        assertThat(locked.isLocked()).isTrue();
        assertThat(this.operations.locked()).containsExactly(Orders.class.getName() + ".isLocked");
    }

    @Test
    void leavesOtherMethodsAlone() {
        this.proxies.ofClass(new Orders(this.operations)).free();
        assertThat(this.operations.locked()).isEmpty();
    }

    @Test
    void leavesOpenWhatTheAnnotationLeavesOpen() {
        this.proxies.ofClass(new Orders(this.operations)).isLocked();
        assertThat(this.operations.last())
                .extracting(LockOptions::waitTime, LockOptions::leaseTime, LockOptions::renew)
                .containsOnlyNulls();
    }

    @Test
    void passesOnWhatTheAnnotationSets() {
        this.proxies
                .property("wait", "PT1M")
                .ofClass(new Orders(this.operations))
                .configured();

        LockOptions options = this.operations.last();
        assertThat(options.lockName().fullName()).isEqualTo("order");
        assertThat(options.waitTime()).isEqualTo(Duration.ofMinutes(1));
        assertThat(options.leaseTime()).isEqualTo(Duration.ofSeconds(10));
        assertThat(options.renew()).isFalse();
    }

    @Test
    void waitsForever() {
        this.proxies.ofClass(new Orders(this.operations)).patient();
        assertThat(this.operations.last().waitTime()).isEqualTo(LockDurations.FOREVER);
    }

    @Test
    void letsCheckedExceptionsPassUnchanged() {
        IOException thrown = new IOException("expected");

        assertThatThrownBy(
                        () -> this.proxies.ofClass(new Orders(this.operations)).fail(thrown))
                .isSameAs(thrown);
        assertThatThrownBy(() -> this.proxies
                        .ofInterfaces(new Orders(this.operations), Locked.class)
                        .fail(thrown))
                .isSameAs(thrown);
        assertThat(this.operations.locked()).hasSize(2);
    }

    @Test
    void letsErrorsPassUnchanged() {
        AssertionError thrown = new AssertionError("expected");
        assertThatThrownBy(
                        () -> this.proxies.ofClass(new Orders(this.operations)).fail(thrown))
                .isSameAs(thrown);
    }

    @Test
    void neverRunsABodyWhoseAnnotationIsWrong() {
        Wrong wrong = this.proxies.ofClass(new Wrong());
        assertThatExceptionOfType(InvalidLockAnnotationException.class)
                .isThrownBy(wrong::run)
                .isInstanceOf(LockException.class)
                .withMessageContaining("leaseTime = \"soon\"");
        assertThat(this.operations.locked()).isEmpty();
    }

    interface Locked {

        boolean isLocked();

        void fail(Throwable thrown) throws Throwable;
    }

    static class Orders implements Locked {

        private final RecordingLocks operations;

        Orders(RecordingLocks operations) {
            this.operations = operations;
        }

        @Override
        @DistributedLock
        public boolean isLocked() {
            return this.operations.isLocked();
        }

        void free() {}

        @DistributedLock(name = "order", waitTime = "${wait}", leaseTime = "10s", renew = "false")
        void configured() {}

        @DistributedLock(waitTime = "Forever")
        void patient() {}

        @Override
        @DistributedLock
        public void fail(Throwable thrown) throws Throwable {
            throw thrown;
        }
    }

    static class Wrong {

        @DistributedLock(leaseTime = "soon")
        void run() {
            throw new AssertionError("must not run");
        }
    }
}
