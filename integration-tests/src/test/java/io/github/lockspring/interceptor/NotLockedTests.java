package io.github.lockspring.interceptor;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.lockspring.ProxyKind;
import io.github.lockspring.annotation.DistributedLock;
import io.github.lockspring.annotation.NotLocked;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** Methods that are excluded from a lock, through both kinds of proxies. */
class NotLockedTests {

    @ParameterizedTest
    @EnumSource
    void excludesAMethodOfAnAnnotatedClass(ProxyKind kind) {
        run(kind, OfClass.class, false);
    }

    @ParameterizedTest
    @EnumSource
    void excludesAnOverridingMethod(ProxyKind kind) {
        run(kind, Overriding.class, false);
    }

    @ParameterizedTest
    @EnumSource
    void excludesAMethodWhoseInterfaceIsAnnotated(ProxyKind kind) {
        run(kind, OfInterface.class, false);
    }

    @ParameterizedTest
    @EnumSource
    void overridingMethodMayLockAgain(ProxyKind kind) {
        run(kind, LockedAgain.class, true);
    }

    @ParameterizedTest
    @EnumSource
    void annotatedClassLocksTheMethodThatItOverrides(ProxyKind kind) {
        run(kind, LockedByClass.class, true);
    }

    /** The bean has no other locked method, and no proxy. */
    @ParameterizedTest
    @EnumSource
    void classWithoutLockedMethodsNeedsNoProxy(ProxyKind kind) {
        LockingConfiguration.runner(kind)
                .withBean(Overriding.class)
                .run(context ->
                        assertThat(context.getBean(Job.class).getClass()).isSameAs(Overriding.class));
    }

    @ParameterizedTest
    @EnumSource
    void locksTheOtherMethodsOfTheClass(ProxyKind kind) {
        LockingConfiguration.runner(kind).withBean(OfClass.class).run(context -> {
            kind.bean(context, TwoJobs.class).other();
            assertThat(context.getBean(RecordingLocks.class).locked()).containsExactly("class");
        });
    }

    private static void run(ProxyKind kind, Class<? extends Job> type, boolean locked) {
        LockingConfiguration.runner(kind).withBean(type).run(context -> {
            assertThat(context.getBean(Job.class).run("a")).isEqualTo("a");
            assertThat(context.getBean(RecordingLocks.class).locked()).hasSize(locked ? 1 : 0);
        });
    }

    interface TwoJobs extends Job {

        void other();
    }

    @DistributedLock("class")
    static class OfClass implements TwoJobs {

        @Override
        @NotLocked
        public Object run(String argument) {
            return argument;
        }

        @Override
        public void other() {}
    }

    static class Locked implements Job {

        @Override
        @DistributedLock
        public Object run(String argument) {
            return argument;
        }
    }

    static class Overriding extends Locked {

        @Override
        @NotLocked
        public Object run(String argument) {
            return argument;
        }
    }

    static class LockedAgain extends Overriding {

        @Override
        @DistributedLock
        public Object run(String argument) {
            return argument;
        }
    }

    @DistributedLock("heir")
    static class LockedByClass extends Overriding {

        @Override
        public Object run(String argument) {
            return argument;
        }
    }

    @DistributedLock("interface")
    interface LockedJob extends Job {

        @Override
        Object run(String argument);
    }

    static class OfInterface implements LockedJob {

        @Override
        @NotLocked
        public Object run(String argument) {
            return argument;
        }
    }
}
