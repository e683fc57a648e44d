package io.github.lockspring.autoconfigure;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.assertj.core.api.InstanceOfAssertFactories.throwable;

import io.github.lockspring.LockKeyException;
import io.github.lockspring.ProxyKind;
import io.github.lockspring.annotation.DistributedLock;
import io.github.lockspring.interceptor.InvalidLockAnnotationException;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.MethodSource;

/** Wrong use is never a shared lock, nor none: it is a message that names class, method and expression. */
class WrongUseTests {

    private static final String ORDERS = Orders.class.getName();

    @ParameterizedTest
    @CsvSource({
        "CLASS,null",
        "INTERFACES,null",
        "CLASS,blank",
        "INTERFACES,blank",
        "CLASS,identity",
        "INTERFACES,identity"
    })
    void refusesKeysThatIdentifyNothing(ProxyKind kind, String key) {
        Object value = key.equals("null") ? null : key.equals("blank") ? " \t" : new Object();
        kind.in(LockContextRunners.memory())
                .withBean("orders", OrderService.class, Orders::new)
                .run(context -> assertThatExceptionOfType(LockKeyException.class)
                        .isThrownBy(() ->
                                kind.bean(context, OrderService.class, "orders").ship(value))
                        .withMessageContaining(ORDERS + ".ship(Object)")
                        .withMessageContaining("#id")
                        .satisfies(refused -> assertThat(refused.getMessage()).hasSizeGreaterThan(100)));
    }

    static Stream<Arguments> wrongAnnotations() {
        return Stream.of(
                        Arguments.of(new UnknownVariable(), "#oder", "Use #order"),
                        Arguments.of(new Unparsable(), "#order.", "Correct it"),
                        Arguments.of(new BadWaitTime(), "soon", "\"5s\""),
                        Arguments.of(new BadLeaseTime(), "200ms", "\"30s\""),
                        Arguments.of(new MissingProperty(), "${no.such.property}", "Define the property"))
                .flatMap(wrong -> Stream.of(ProxyKind.values())
                        .map(kind -> Arguments.of(kind, wrong.get()[0], wrong.get()[1], wrong.get()[2])));
    }

    @ParameterizedTest
    @MethodSource("wrongAnnotations")
    void doesNotStartWithAnAnnotationThatCannotWork(ProxyKind kind, Job job, String attribute, String remedy) {
        kind.in(LockContextRunners.memory())
                .withBean("job", Job.class, () -> job)
                .run(context -> assertThat(context)
                        .getFailure()
                        .rootCause()
                        .asInstanceOf(throwable(InvalidLockAnnotationException.class))
                        .hasMessageContaining(job.getClass().getName() + ".run(String)")
                        .hasMessageContaining(attribute)
                        .hasMessageContaining(remedy));
    }

    @ParameterizedTest
    @EnumSource
    void doesNotStartWithOverloadsThatWouldShareTheirLock(ProxyKind kind) {
        kind.in(LockContextRunners.memory())
                .withBean("overloads", OverloadedJob.class, Overloads::new)
                .run(context -> assertThat(context)
                        .getFailure()
                        .rootCause()
                        .isInstanceOf(InvalidLockAnnotationException.class)
                        .hasMessageContaining(Overloads.class.getName() + ".run(String)")
                        .hasMessageContaining(Overloads.class.getName() + ".run(long)")
                        .hasMessageContaining("Give each overload its own name"));
    }

    @Test
    void doesNotStartWithAFinalMethodThatNoSubclassIntercepts() {
        ProxyKind.CLASS
                .in(LockContextRunners.memory())
                .withBean("job", Job.class, FinalMethod::new)
                .run(context -> assertThat(context)
                        .getFailure()
                        .rootCause()
                        .isInstanceOf(InvalidLockAnnotationException.class)
                        .hasMessageContaining(FinalMethod.class.getName() + ".run(String)")
                        .hasMessageContaining("is final"));
    }

    @Test
    void doesNotStartWithAMethodThatNoInterfaceDeclares() {
        ProxyKind.INTERFACES
                .in(LockContextRunners.memory())
                .withBean("job", Job.class, Undeclared::new)
                .run(context -> assertThat(context)
                        .getFailure()
                        .rootCause()
                        .isInstanceOf(InvalidLockAnnotationException.class)
                        .hasMessageContaining(Undeclared.class.getName() + ".runAlso()")
                        .hasMessageContaining("spring.aop.proxy-target-class=true"));
    }

    interface OrderService {

        void ship(Object id);
    }

    interface Job {

        void run(String order);
    }

    interface OverloadedJob {

        void run(String order);

        void run(long order);
    }

    static class Orders implements OrderService {

        @Override
        @DistributedLock(name = "order", key = "#id")
        public void ship(Object id) {
            throw new AssertionError("The body ran without a lock");
        }
    }

    static class UnknownVariable implements Job {

        @Override
        @DistributedLock(key = "#oder")
        public void run(String order) {}
    }

    static class Unparsable implements Job {

        @Override
        @DistributedLock(key = "#order.")
        public void run(String order) {}
    }

    static class BadWaitTime implements Job {

        @Override
        @DistributedLock(waitTime = "soon")
        public void run(String order) {}
    }

    static class BadLeaseTime implements Job {

        @Override
        @DistributedLock(leaseTime = "200ms")
        public void run(String order) {}
    }

    static class MissingProperty implements Job {

        @Override
        @DistributedLock(name = "${no.such.property}")
        public void run(String order) {}
    }

    static class Overloads implements OverloadedJob {

        @Override
        @DistributedLock(key = "#order")
        public void run(String order) {}

        @Override
        @DistributedLock(key = "#order")
        public void run(long order) {}
    }

    static class FinalMethod implements Job {

        @Override
        @DistributedLock(key = "#order")
        public final void run(String order) {}
    }

    static class Undeclared implements Job {

        @Override
        public void run(String order) {}

        @DistributedLock
        public void runAlso() {}
    }
}
