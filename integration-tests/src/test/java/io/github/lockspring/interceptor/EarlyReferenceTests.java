package io.github.lockspring.interceptor;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.lockspring.ProxyKind;
import io.github.lockspring.annotation.DistributedLock;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.Executor;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.MethodSource;
import org.springframework.aop.framework.ProxyFactory;
import org.springframework.beans.factory.annotation.Autowired;
import org.springframework.beans.factory.config.BeanPostProcessor;
import org.springframework.boot.test.context.assertj.AssertableApplicationContext;
import org.springframework.boot.test.context.runner.ApplicationContextRunner;
import org.springframework.context.ApplicationListener;
import org.springframework.context.PayloadApplicationEvent;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import org.springframework.context.event.EventListener;
import org.springframework.core.Ordered;
import org.springframework.scheduling.annotation.Async;
import org.springframework.scheduling.annotation.EnableAsync;
import org.springframework.scheduling.annotation.EnableScheduling;
import org.springframework.scheduling.annotation.Scheduled;
import org.springframework.scheduling.annotation.ScheduledAnnotationBeanPostProcessor;

/** Nobody registers the bare bean where a circular reference has its proxy made early. */
class EarlyReferenceTests {

    static Stream<Arguments> circlesAndRegistrars() {
        return Arrays.stream(ProxyKind.values())
                .flatMap(kind -> Stream.of(ReferenceToItself.class, ReferenceToEachOther.class, NoCircle.class)
                        .flatMap(circle -> Stream.of(
                                        Registrar.class,
                                        Registrar.OrderedRegistrar.class,
                                        Registrar.MergedRegistrar.class)
                                .map(registrar -> Arguments.of(kind, circle, registrar))));
    }

    @ParameterizedTest
    @MethodSource("circlesAndRegistrars")
    void locksWhatAPostProcessorRegisters(ProxyKind kind, Class<?> circle, Class<? extends Registrar> registrar) {
        in(kind, circle).withBean(registrar).run(context -> {
            context.getBean(Registrar.class).callAll();
            assertThat(locked(context)).containsExactly("tick");
        });
    }

    @ParameterizedTest
    @EnumSource
    void locksAScheduledMethod(ProxyKind kind) {
        in(kind, ReferenceToItself.class)
                .withUserConfiguration(Scheduling.class)
                .run(context -> {
                    context.getBean(ScheduledAnnotationBeanPostProcessor.class)
                            .getScheduledTasks()
                            .forEach(scheduled ->
                                    scheduled.getTask().getRunnable().run());
                    assertThat(locked(context)).containsExactly("tick");
                });
    }

    @ParameterizedTest
    @EnumSource
    void locksAnEventListener(ProxyKind kind) {
        in(kind, ReferenceToItself.class).run(context -> {
            context.publishEvent("tick");
            assertThat(locked(context)).containsExactly("tick");
        });
    }

    @ParameterizedTest
    @EnumSource
    void locksAnApplicationListenerOnce(ProxyKind kind) {
        in(kind, ReferenceToItself.class).withBean("listener", Listener.class).run(context -> {
            context.publishEvent(7);
            assertThat(locked(context)).containsExactly("listener");
        });
    }

    @ParameterizedTest
    @EnumSource
    void givesTheSameProxyToEverybody(ProxyKind kind) {
        in(kind, ReferenceToEachOther.class).run(context -> {
            Ticker ticker = context.getBean(Ticker.class);
            assertThat(context.getBean(Friend.class).ticker).isSameAs(ticker);
            kind.assertIsKindOf(ticker);
        });
    }

    @Test
    void locksAnAsynchronousMethod() {
        in(ProxyKind.CLASS, ReferenceToItself.class)
                .withUserConfiguration(Asynchronous.class)
                .run(context -> {
                    context.getBean(Ticker.class).later();
                    assertThat(locked(context)).containsExactly("later");
                    assertThat(context.getBean(CallersThread.class).tasks).isOne();
                });
    }

    @ParameterizedTest
    @EnumSource
    void locksBehindAnotherProxy(ProxyKind kind) {
        in(kind, ReferenceToItself.class).withBean(AnotherProxy.class).run(context -> {
            context.getBean(Ticker.class).tick();
            assertThat(locked(context)).containsExactly("tick");
        });
    }

    @ParameterizedTest
    @EnumSource
    void leavesBeansWithoutLockAlone(ProxyKind kind) {
        LockingConfiguration.runner(kind)
                .withAllowCircularReferences(true)
                .withBean("free", Free.class)
                .withBean(Registrar.class)
                .run(context -> {
                    context.getBean(Registrar.class).callAll();
                    assertThat(context.getBean(Free.class).self).isExactlyInstanceOf(Free.class);
                    assertThat(context.getBean(Free.class).calls).isOne();
                });
    }

    private static ApplicationContextRunner in(ProxyKind kind, Class<?> configuration) {
        return LockingConfiguration.runner(kind)
                .withAllowCircularReferences(true)
                .withUserConfiguration(configuration);
    }

    private static List<String> locked(AssertableApplicationContext context) {
        assertThat(context).hasNotFailed();
        return context.getBean(RecordingLocks.class).locked();
    }

    interface Ticker {

        @EventListener
        void on(String event);

        void tick();

        void later();
    }

    static class Clock implements Ticker {

        @Override
        @DistributedLock("tick")
        public void on(String event) {}

        @Override
        @Registered
        @Scheduled(initialDelay = Integer.MAX_VALUE, fixedDelay = Integer.MAX_VALUE)
        @DistributedLock("tick")
        public void tick() {}

        @Override
        @Async
        @DistributedLock("later")
        public void later() {}
    }

    static class ReflexiveClock extends Clock {

        @Autowired
        Ticker self;
    }

    static class FriendlyClock extends Clock {

        @Autowired
        Friend friend;
    }

    static class Friend {

        @Autowired
        Ticker ticker;
    }

    @Configuration(proxyBeanMethods = false)
    static class NoCircle {

        @Bean
        Clock clock() {
            return new Clock();
        }
    }

    @Configuration(proxyBeanMethods = false)
    static class ReferenceToItself {

        @Bean
        ReflexiveClock clock() {
            return new ReflexiveClock();
        }
    }

    @Configuration(proxyBeanMethods = false)
    static class ReferenceToEachOther {

        @Bean
        FriendlyClock clock() {
            return new FriendlyClock();
        }

        @Bean
        Friend friend() {
            return new Friend();
        }
    }

    static class Listener implements ApplicationListener<PayloadApplicationEvent<Integer>> {

        @Autowired
        ApplicationListener<PayloadApplicationEvent<Integer>> self;

        @Override
        @DistributedLock("listener")
        public void onApplicationEvent(PayloadApplicationEvent<Integer> event) {}
    }

    @Configuration(proxyBeanMethods = false)
    @EnableScheduling
    static class Scheduling {}

    @Configuration(proxyBeanMethods = false)
    @EnableAsync(proxyTargetClass = true)
    static class Asynchronous {

        @Bean
        CallersThread taskExecutor() {
            return new CallersThread();
        }
    }

    static class CallersThread implements Executor {

        int tasks;

        @Override
        public void execute(Runnable task) {
            this.tasks++;
            task.run();
        }
    }

    static class AnotherProxy implements BeanPostProcessor, Ordered {

        @Override
        public int getOrder() {
            return LOWEST_PRECEDENCE;
        }

        @Override
        public Object postProcessAfterInitialization(Object bean, String beanName) {
            return bean instanceof Ticker ? new ProxyFactory(bean).getProxy() : bean;
        }
    }

    static class Free {

        @Autowired
        Free self;

        int calls;

        @Registered
        public void run() {
            this.calls++;
        }
    }
}
