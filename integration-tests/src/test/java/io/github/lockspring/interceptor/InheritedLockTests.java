package io.github.lockspring.interceptor;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.lockspring.ProxyKind;
import io.github.lockspring.annotation.DistributedLock;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** A body runs under its lock whichever type declares the method, and whichever the annotation. */
class InheritedLockTests {

    @ParameterizedTest
    @EnumSource
    void locksABodyWhoseClassDoesNotKnowTheAnnotatedMethod(ProxyKind kind) {
        LockingConfiguration.runner(kind).withBean(OfMethod.class).run(context -> {
            context.getBean(LockedWork.class).work("a");
            assertThat(context.getBean(RecordingLocks.class).locked()).containsExactly("work:a");
        });
    }

    @ParameterizedTest
    @EnumSource
    void locksABodyWhoseClassDoesNotKnowTheAnnotatedInterface(ProxyKind kind) {
        LockingConfiguration.runner(kind).withBean(OfInterface.class).run(context -> {
            context.getBean(LockedInterface.class).work("a");
            assertThat(context.getBean(RecordingLocks.class).locked()).containsExactly("interface:a");
        });
    }

    @ParameterizedTest
    @EnumSource
    void takesTheSameLockThroughEveryInterface(ProxyKind kind) {
        LockingConfiguration.runner(kind).withBean(OfSeveral.class).run(context -> {
            context.getBean(FreeWork.class).work("a");
            context.getBean(LockedInterface.class).work("a");
            context.getBean(LockedWork.class).work("a");
            assertThat(context.getBean(RecordingLocks.class).locked()).containsExactly("work:a", "work:a", "work:a");
        });
    }

    @ParameterizedTest
    @EnumSource
    void locksABodyOfAGenericInterface(ProxyKind kind) {
        LockingConfiguration.runner(kind).withBean("job", OfGenericMethod.class).run(context -> {
            @SuppressWarnings("unchecked")
            Handler<String> handler = (Handler<String>) context.getBean("job");
            handler.handle("a");
            assertThat(context.getBean(RecordingLocks.class).locked()).containsExactly("handler:a");
        });
    }

    @ParameterizedTest
    @EnumSource
    void locksABodyOfAGenericAnnotatedInterface(ProxyKind kind) {
        LockingConfiguration.runner(kind)
                .withBean("job", OfGenericInterface.class)
                .run(context -> {
                    @SuppressWarnings("unchecked")
                    LockedHandler<String> handler = (LockedHandler<String>) context.getBean("job");
                    handler.handle("a");
                    assertThat(context.getBean(RecordingLocks.class).locked()).containsExactly("locked handler:a");
                });
    }

    @ParameterizedTest
    @EnumSource
    void locksADefaultMethodOfAnAnnotatedClass(ProxyKind kind) {
        LockingConfiguration.runner(kind).withBean(OfClass.class).run(context -> {
            context.getBean(Greeting.class).greet();
            context.getBean(Greeting.class).greet("a");
            assertThat(context.getBean(RecordingLocks.class).locked())
                    .containsExactly(OfClass.class.getName() + ".greet", OfClass.class.getName() + ".greet");
        });
    }

    @ParameterizedTest
    @EnumSource
    void doesNotLockOtherMethodsOfTheSameName(ProxyKind kind) {
        LockingConfiguration.runner(kind).withBean(OfMethod.class).run(context -> {
            context.getBean(LockedWork.class).work(7);
            assertThat(context.getBean(RecordingLocks.class).locked()).isEmpty();
        });
    }

    @ParameterizedTest
    @EnumSource
    void refusesAFinalBodyOfAProxiedClass(ProxyKind kind) {
        LockingConfiguration.runner(kind).withBean(OfFinalMethod.class).run(context -> {
            if (kind == ProxyKind.CLASS) {
                assertThat(context)
                        .getFailure()
                        .rootCause()
                        .isInstanceOf(InvalidLockAnnotationException.class)
                        .hasMessageContainingAll(OfFinalMethod.class.getName() + ".work(String)", "is final");
            } else {
                context.getBean(LockedInterface.class).work("a");
                assertThat(context.getBean(RecordingLocks.class).locked()).containsExactly("interface:a");
            }
        });
    }

    static class Base {

        public String work(String argument) {
            return argument;
        }

        public int work(int argument) {
            return argument;
        }

        public void handle(String argument) {}
    }

    interface LockedWork {

        @DistributedLock(name = "work", key = "#id")
        String work(String id);

        int work(int number);
    }

    static class OfMethod extends Base implements LockedWork {}

    @DistributedLock(name = "interface", key = "#p0")
    interface LockedInterface {

        String work(String id);
    }

    static class OfInterface extends Base implements LockedInterface {}

    interface FreeWork {

        String work(String id);
    }

    static class OfSeveral extends Base implements FreeWork, LockedInterface, LockedWork {}

    interface Handler<T> {

        @DistributedLock(name = "handler", key = "#p0")
        void handle(T event);
    }

    static class OfGenericMethod extends Base implements Handler<String> {}

    @DistributedLock(name = "locked handler", key = "#p0")
    interface LockedHandler<T> {

        void handle(T event);
    }

    static class OfGenericInterface extends Base implements LockedHandler<String> {}

    interface Greeting {

        String greet(String name);

        default String greet() {
            return "hello";
        }
    }

    @DistributedLock
    static class OfClass implements Greeting {

        @Override
        public String greet(String name) {
            return "hello " + name;
        }
    }

    static class FinalBase {

        public final String work(String argument) {
            return argument;
        }
    }

    static class OfFinalMethod extends FinalBase implements LockedInterface {}
}
