package io.github.lockspring.interceptor;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import io.github.lockspring.AdviceKind;
import io.github.lockspring.LockKeyException;
import io.github.lockspring.LockLease;
import io.github.lockspring.annotation.DistributedLock;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.mockito.Mockito;
import org.springframework.expression.EvaluationException;

/** Calls that need no lock, and methods that get the lease of theirs, through both kinds of proxies and woven. */
class ConditionalLockTests {

    @ParameterizedTest
    @EnumSource
    void locksIfTheConditionIsTrue(AdviceKind kind) {
        run(kind, (bookings, locks) -> {
            assertThat(bookings.conditional(true)).isEqualTo("done");
            assertThat(locks.locked()).containsExactly("conditional");
        });
    }

    @ParameterizedTest
    @EnumSource
    void runsWithoutLockIfTheConditionIsFalse(AdviceKind kind) {
        run(kind, (bookings, locks) -> {
            assertThat(bookings.conditional(false)).isEqualTo("done");
            assertThat(locks.locked()).isEmpty();
        });
    }

    @ParameterizedTest
    @EnumSource
    void needsNoKeyIfTheConditionIsFalse(AdviceKind kind) {
        run(kind, (bookings, locks) -> {
            assertThat(bookings.withKey(false, null)).isEqualTo("done");
            assertThatExceptionOfType(LockKeyException.class).isThrownBy(() -> bookings.withKey(true, null));
        });
    }

    @ParameterizedTest
    @EnumSource
    void refusesAConditionWithoutAnswer(AdviceKind kind) {
        run(kind, (bookings, locks) -> {
            for (Object value : new Object[] {null, "true", 1}) {
                assertThatExceptionOfType(InvalidLockAnnotationException.class)
                        .isThrownBy(() -> bookings.conditional(value))
                        .withMessageContainingAll(
                                "@DistributedLock(condition = \"#condition\") on " + DefaultBookings.class.getName()
                                        + ".conditional(Object): it evaluates to ",
                                value == null
                                        ? "null, which is neither true nor false"
                                        : value.getClass().getName(),
                                "Correct the expression")
                        .satisfies(failure -> assertThat(failure.getLockName()).isEqualTo("conditional"));
            }
            assertThat(locks.locked()).isEmpty();
        });
    }

    @ParameterizedTest
    @EnumSource
    void saysWhyAConditionCannotBeEvaluated(AdviceKind kind) {
        LockingConfiguration.runner(kind)
                .withBean(kind.type(Unevaluable.class))
                .run(context -> assertThatExceptionOfType(InvalidLockAnnotationException.class)
                        .isThrownBy(() -> context.getBean(Job.class).run("7"))
                        .withMessageContainingAll(
                                "condition = \"#root.target.missing()\"", "it cannot be evaluated", "missing()")
                        .withCauseInstanceOf(EvaluationException.class));
    }

    @ParameterizedTest
    @EnumSource
    void givesTheLeaseToTheMethod(AdviceKind kind) {
        run(kind, (bookings, locks) -> {
            assertThat(bookings.lease("7", null)).isSameAs(locks.lastLease());
            LockLease passed = Mockito.mock(LockLease.class);
            assertThat(bookings.lease("8", passed)).isSameAs(locks.lastLease()).isNotSameAs(passed);
        });
    }

    @ParameterizedTest
    @EnumSource
    void givesNoLeaseWithoutLock(AdviceKind kind) {
        run(kind, (bookings, locks) -> {
            assertThat(bookings.conditionalLease(true, null)).isSameAs(locks.lastLease());
            assertThat(bookings.conditionalLease(false, null)).isNull();
            assertThat(bookings.conditionalLease(false, Mockito.mock(LockLease.class)))
                    .isNull();
        });
    }

    @ParameterizedTest
    @EnumSource
    void givesNoLeaseToAFallback(AdviceKind kind) {
        run(kind, (bookings, locks) -> {
            locks.refuse("lease", LockFailureSamples.contended("lease"));
            assertThat(bookings.leaseOfFallback(null)).isNull();
            assertThat(bookings.leaseOfFallback(Mockito.mock(LockLease.class))).isNull();
        });
    }

    private static void run(AdviceKind kind, Calls calls) {
        LockingConfiguration.runner(kind)
                .withBean(kind.type(DefaultBookings.class))
                .run(context -> calls.make(kind.bean(context, Bookings.class), context.getBean(RecordingLocks.class)));
    }

    private interface Calls {

        void make(Bookings bookings, RecordingLocks locks) throws Exception;
    }

    static class Unevaluable implements Job {

        @Override
        @DistributedLock(condition = "#root.target.missing()")
        public Object run(String argument) {
            throw new AssertionError("must not run");
        }
    }
}
