package io.github.lockspring.interceptor;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.github.lockspring.LockKeyException;
import io.github.lockspring.ProxyKind;
import io.github.lockspring.annotation.DistributedLock;
import java.io.IOException;
import java.lang.annotation.Retention;
import java.lang.annotation.RetentionPolicy;
import java.lang.reflect.Proxy;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.springframework.core.annotation.AliasFor;

/** Calls of beans in a context, through both kinds of proxies. */
class LockedCallsTests {

    @ParameterizedTest
    @EnumSource
    void locksAnAnnotatedMethod(ProxyKind kind) {
        assertThat(lockedBy(kind, OfMethod.class, "a")).containsExactly(OfMethod.class.getName() + ".run");
    }

    @ParameterizedTest
    @EnumSource
    void locksTheMethodsOfAnAnnotatedClass(ProxyKind kind) {
        assertThat(lockedBy(kind, OfClass.class, "a")).containsExactly("class:a");
    }

    @ParameterizedTest
    @EnumSource
    void locksTheMethodsOfAnAnnotatedInterface(ProxyKind kind) {
        assertThat(lockedBy(kind, OfInterface.class, "a")).containsExactly("interface:a");
    }

    @ParameterizedTest
    @EnumSource
    void locksAMethodAnnotatedInAnInterface(ProxyKind kind) {
        assertThat(lockedBy(kind, OfInterfaceMethod.class, "a")).containsExactly("interface method:a");
    }

    @ParameterizedTest
    @EnumSource
    void locksAMethodWithAMetaAnnotation(ProxyKind kind) {
        assertThat(lockedBy(kind, OfMetaAnnotation.class, "a")).containsExactly("order:a");
    }

    @ParameterizedTest
    @EnumSource
    void namesInheritedMethodsAfterTheClassOfTheBean(ProxyKind kind) {
        assertThat(lockedBy(kind, FirstHeir.class, "a")).containsExactly(FirstHeir.class.getName() + ".run");
        assertThat(lockedBy(kind, SecondHeir.class, "a")).containsExactly(SecondHeir.class.getName() + ".run");
    }

    @ParameterizedTest
    @EnumSource
    void keepsClassesOfTheSameSimpleNameApart(ProxyKind kind) {
        assertThat(lockedBy(kind, ReportJob.class, "a"))
                .doesNotContainAnyElementsOf(
                        lockedBy(kind, io.github.lockspring.interceptor.other.ReportJob.class, "a"));
    }

    @ParameterizedTest
    @EnumSource
    void locksBeansWithoutAClassOfTheirOwn(ProxyKind kind) {
        LockedJob lambda = argument -> argument;
        Object proxy = Proxy.newProxyInstance(
                getClass().getClassLoader(),
                new Class<?>[] {LockedJob.class},
                (self, method, arguments) -> method.invoke(lambda, arguments));
        for (Object generated : List.of(lambda, proxy)) {
            LockingConfiguration.runner(kind)
                    .withBean(LockedJob.class, () -> (LockedJob) generated)
                    .run(context -> {
                        context.getBean(LockedJob.class).run("a");
                        assertThat(context.getBean(RecordingLocks.class).locked())
                                .containsExactly("interface:a");
                    });
        }
    }

    @ParameterizedTest
    @EnumSource
    void sharesTheLockOfTheSameNameAndKey(ProxyKind kind) {
        assertThat(lockedBy(kind, OfMetaAnnotation.class, "7"))
                .isEqualTo(lockedBy(kind, SameName.class, "7"))
                .isNotEqualTo(lockedBy(kind, SameName.class, "8"));
    }

    @ParameterizedTest
    @EnumSource
    void refusesKeysThatIdentifyNothing(ProxyKind kind) {
        for (String argument : new @Nullable String[] {null, "", " "}) {
            assertThatExceptionOfType(LockKeyException.class)
                    .isThrownBy(() -> lockedBy(kind, OfClass.class, argument))
                    .withMessageStartingWith("@DistributedLock(key = \"#argument\") on " + OfClass.class.getName()
                            + ".run(String): Key part 1 of lock 'class' is ");
        }
        assertThatExceptionOfType(LockKeyException.class)
                .isThrownBy(() -> lockedBy(kind, IdentityKey.class, "a"))
                .withMessageContainingAll(IdentityKey.class.getName() + ".run(String)", "#root.target", "toString()");
    }

    @ParameterizedTest
    @EnumSource
    void letsCheckedExceptionsPass(ProxyKind kind) {
        assertThatThrownBy(() -> lockedBy(kind, Failing.class, "a"))
                .isExactlyInstanceOf(IOException.class)
                .hasMessage("a");
    }

    private static List<String> lockedBy(ProxyKind kind, Class<? extends Job> type, @Nullable String argument) {
        RecordingLocks[] locks = new RecordingLocks[1];
        LockingConfiguration.runner(kind).withBean(type).run(context -> {
            Job job = context.getBean(Job.class);
            kind.assertIsKindOf(job);
            locks[0] = context.getBean(RecordingLocks.class);
            job.run(argument);
        });
        return locks[0].locked();
    }

    @DistributedLock("order")
    @Retention(RetentionPolicy.RUNTIME)
    @interface OrderLock {

        @AliasFor(annotation = DistributedLock.class, attribute = "key")
        String by();
    }

    static class OfMethod implements Job {

        @Override
        @DistributedLock
        public Object run(String argument) {
            return argument;
        }
    }

    @DistributedLock(name = "class", key = "#argument")
    static class OfClass implements Job {

        @Override
        public Object run(String argument) {
            return argument;
        }
    }

    @DistributedLock(name = "interface", key = "#p0")
    interface LockedJob extends Job {

        @Override
        Object run(String argument);
    }

    static class OfInterface implements LockedJob {

        @Override
        public Object run(String argument) {
            return argument;
        }
    }

    interface JobWithLock extends Job {

        @Override
        @DistributedLock(name = "interface method", key = "#id")
        Object run(String id);
    }

    static class OfInterfaceMethod implements JobWithLock {

        @Override
        public Object run(String argument) {
            return argument;
        }
    }

    static class OfMetaAnnotation implements Job {

        @Override
        @OrderLock(by = "#argument")
        public Object run(String argument) {
            return argument;
        }
    }

    static class SameName implements Job {

        @Override
        @DistributedLock(name = "order", key = "#id")
        public Object run(String id) {
            return id;
        }
    }

    static class FirstHeir extends OfMethod {}

    static class SecondHeir extends OfMethod {}

    static class IdentityKey implements Job {

        @Override
        @DistributedLock(key = "#root.target")
        public Object run(String argument) {
            return argument;
        }
    }

    static class Failing implements Job {

        @Override
        @DistributedLock
        public Object run(String argument) throws IOException {
            throw new IOException(argument);
        }
    }
}
