package io.github.lockspring.aspectj;

import static org.assertj.core.api.Assertions.as;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.assertj.core.api.Assertions.assertThatIllegalStateException;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.InstanceOfAssertFactories.DURATION;
import static org.mockito.ArgumentMatchers.any;
import static org.mockito.ArgumentMatchers.argThat;
import static org.mockito.Mockito.mock;
import static org.mockito.Mockito.verify;
import static org.mockito.Mockito.when;

import io.github.lockspring.LockCallback;
import io.github.lockspring.LockEngine;
import io.github.lockspring.LockFailureHandler;
import io.github.lockspring.LockHolder;
import io.github.lockspring.LockKeyException;
import io.github.lockspring.LockLease;
import io.github.lockspring.LockName;
import io.github.lockspring.LockNotAcquiredException;
import io.github.lockspring.LockOperations;
import io.github.lockspring.LockOptions;
import io.github.lockspring.LockSettings;
import io.github.lockspring.LockTemplate;
import io.github.lockspring.annotation.DistributedLock;
import io.github.lockspring.engine.DefaultLockEngine;
import io.github.lockspring.engine.EngineSettings;
import io.github.lockspring.engine.ReleaseWait;
import io.github.lockspring.interceptor.InvalidLockAnnotationException;
import io.github.lockspring.interceptor.LockAnnotationValidator;
import io.github.lockspring.interceptor.LockAspectSupport;
import io.github.lockspring.interceptor.LockOperationSource;
import io.github.lockspring.interceptor.LockValidation;
import io.github.lockspring.interceptor.UnlockedMethods;
import io.github.lockspring.memory.InMemoryLockStore;
import java.io.IOException;
import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.Method;
import java.lang.reflect.Proxy;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.function.Function;
import org.aspectj.lang.Aspects;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import org.springframework.aop.aspectj.annotation.AspectJProxyFactory;
import org.springframework.beans.factory.support.DefaultListableBeanFactory;
import org.springframework.beans.factory.support.RootBeanDefinition;
import org.springframework.beans.factory.support.StaticListableBeanFactory;
import org.springframework.context.annotation.AdviceMode;

/** Weaves classes at load time and calls them. */
class DistributedLockAspectTests {

    private final List<String> locked = new ArrayList<>();

    private final LockAnnotationValidator validator =
            new LockAnnotationValidator(new LockOperationSource(text -> text), LockValidation.FAIL, AdviceMode.ASPECTJ);

    private Function<String, Object> orders;

    private Object aspect;

    @TempDir
    private Path directory;

    @BeforeEach
    void weave() throws Throwable {
        ClassLoader weaving = weaving(WeavingClassLoader.aopXml(this.directory));
        this.orders = orders(weaving);
        this.aspect = Aspects.aspectOf(weaving.loadClass(DistributedLockAspect.class.getName()));
    }

    private ClassLoader weaving(Path aopXml) {
        String packageName = getClass().getPackageName();
        return new WeavingClassLoader(getClass().getClassLoader(), aopXml, name -> name.startsWith(packageName + "."));
    }

    @SuppressWarnings("unchecked")
    private static Function<String, Object> orders(ClassLoader weaving) throws ReflectiveOperationException {
        return (Function<String, Object>)
                weaving.loadClass(WovenOrders.class.getName()).getConstructor().newInstance();
    }

    @ParameterizedTest
    @CsvSource({
        "meta, order:7",
        "final, final:7",
        "private, private",
        "static, static:7",
        "dated, dated:1970-01-01T00%3A00%3A00Z",
        "class, class",
        "inherited, class",
        "interface, interface"
    })
    void locksWovenMethods(String method, String fullName) throws Throwable {
        setUpAspect();
        this.orders.apply(method);
        assertThat(this.locked).containsExactly(fullName);
    }

    @Test
    void refusesKeysThatIdentifyNothing() throws Throwable {
        setUpAspect();
        assertThatExceptionOfType(LockKeyException.class)
                .isThrownBy(() -> this.orders.apply("joined"))
                .withMessageContaining("WovenOrders.joined(String)")
                .withMessageContaining("the operand #id of + is null");
    }

    @ParameterizedTest
    @CsvSource({
        "conditional, 'true, false', conditional",
        "skipped,,",
        "fallback, instead of 7 for refused,",
        "staticFallback, instead of static 7,",
        "handled, handled,",
        "lease, true, lease",
        "leaseOfStatic, true, lease",
        "noLease, false,",
        "notLockedHeir, not locked in the heir,"
    })
    void actsOnWhatIsAroundTheCall(String method, String result, String locked) throws Throwable {
        setUpAspect((call, failure) -> "handled");
        assertThat(Objects.toString(this.orders.apply(method), null)).isEqualTo(result);
        assertThat(this.locked).isEqualTo(locked != null ? List.of(locked) : List.of());
    }

    @Test
    void innerCallThatMustNotReenterIsRefused() throws Throwable {
        setUpAspect(inMemory());
        assertThat(this.orders.apply("strict")).isEqualTo("ran, refused");
    }

    @Test
    void holdsForAtLeastAndAtMostItsTimes() throws Throwable {
        LockOperations locks = inMemory();
        setUpAspect(locks);
        assertThat((Duration) this.orders.apply("timed")).isBetween(Duration.ofMinutes(35), Duration.ofMinutes(40));
        assertThat(locks.holder("timed"))
                .get()
                .extracting(LockHolder::remaining, as(DURATION))
                .isBetween(Duration.ofMinutes(15), Duration.ofMinutes(20));
    }

    @Test
    void asksForAFairLock() throws Throwable {
        LockEngine engine = mock(LockEngine.class);
        when(engine.acquire(any())).thenThrow(new LockNotAcquiredException(LockName.of("timed"), Duration.ZERO, null));
        setUpAspect(new LockTemplate(engine, LockSettings.DEFAULTS));
        assertThatExceptionOfType(LockNotAcquiredException.class).isThrownBy(() -> this.orders.apply("timed"));
        verify(engine).acquire(argThat(request -> request.fair() && request.reentrant()));
    }

    private static LockOperations inMemory() {
        EngineSettings settings = new EngineSettings(
                "tests",
                Duration.ofMillis(10),
                Duration.ofSeconds(2),
                Duration.ofSeconds(1),
                ReleaseWait.SYNC,
                Runnable::run);
        return new LockTemplate(new DefaultLockEngine(new InMemoryLockStore(), settings), LockSettings.DEFAULTS);
    }

    @Test
    void failureOfANestedCallIsOneOfTheBody() throws Throwable {
        setUpAspect();
        assertThatExceptionOfType(LockNotAcquiredException.class).isThrownBy(() -> this.orders.apply("nested"));
        assertThat(this.locked).containsExactly("outer");
    }

    /** It needs no configuration either. */
    @Test
    void leavesExcludedMethodsAlone() {
        assertThat(this.orders.apply("notLocked")).isEqualTo("not locked");
    }

    @Test
    void givesTheLeaseThroughAProxyOfTheAspect() throws Throwable {
        DistributedLockAspect proxied = new DistributedLockAspect();
        proxied.setLockAspectSupport(support());
        AspectJProxyFactory factory = new AspectJProxyFactory(new WovenOrders());
        factory.setProxyTargetClass(true);
        factory.addAspect(proxied);
        assertThat(factory.<WovenOrders>getProxy().lease("7", null)).isInstanceOf(LockLease.class);
    }

    @Test
    void locksCallsFromWithinTheObject() throws Throwable {
        setUpAspect();
        this.orders.apply("own");
        assertThat(this.locked).containsExactly(WovenOrders.class.getName() + ".own");
    }

    @Test
    void leavesOtherMethodsAlone() throws Throwable {
        assertThat(this.orders.apply("free")).isEqualTo("free");
        assertThat(this.locked).isEmpty();
    }

    /** A proxy calls the class, which locks; its own methods run while nothing is set up yet. */
    @ParameterizedTest
    @ValueSource(strings = {"proxy", "annotation"})
    void leavesGeneratedClassesAlone(String method) {
        assertThat(this.orders.apply(method)).isEqualTo(method);
    }

    @Test
    void refusesABeanThatIsGeneratedFromAnInterface() {
        Object bean = Proxy.newProxyInstance(
                getClass().getClassLoader(), new Class<?>[] {Api.class}, (proxy, called, arguments) -> null);
        assertThatExceptionOfType(InvalidLockAnnotationException.class)
                .isThrownBy(() -> this.validator.postProcessAfterInitialization(bean, "api"))
                .withMessageContaining("the bean is generated from an interface")
                .withMessageContaining("distributed-lock.advice-mode=proxy");
    }

    @Test
    void letsCheckedExceptionsPass() throws Throwable {
        setUpAspect();
        Method fail = this.orders.getClass().getMethod("fail");

        assertThatThrownBy(() -> fail.invoke(this.orders))
                .isInstanceOf(InvocationTargetException.class)
                .cause()
                .isExactlyInstanceOf(IOException.class)
                .hasMessage("expected");
    }

    @Test
    void refusesCallsBeforeItIsSetUp() {
        assertThatIllegalStateException()
                .isThrownBy(() -> this.orders.apply("own"))
                .withMessageContaining("Cannot lock")
                .withMessageContaining("WovenOrders.own()");
    }

    @Test
    void passesTheCheckWhenWoven() {
        assertThat(this.validator.postProcessAfterInitialization(this.orders, "orders"))
                .isSameAs(this.orders);
    }

    @Test
    void refusesAClassThatIsNotWoven() {
        assertThatExceptionOfType(InvalidLockAnnotationException.class)
                .isThrownBy(() -> this.validator.postProcessAfterInitialization(new WovenOrders(), "orders"))
                .withMessageContainingAll(WovenOrders.class.getName() + ".own()", "is not woven", "AspectJ agent");
    }

    /** Of {@code own()}, around which there is advice of an application, it does not show. */
    @Test
    void refusesAMethodIntoWhichOnlyAnAspectOfAnApplicationIsWoven() throws Throwable {
        Object traced = orders(weaving(WeavingClassLoader.aopXml(this.directory, """
                <aspect name="io.github.lockspring.aspectj.DistributedLockAspect" scope="com.acme..*"/>
                <aspect name="io.github.lockspring.aspectj.TracingAspect" scope="io.github.lockspring..*"/>
                """)));
        assertThatExceptionOfType(InvalidLockAnnotationException.class)
                .isThrownBy(() -> this.validator.postProcessAfterInitialization(traced, "orders"))
                .withMessageContainingAll(
                        "WovenOrders.meta(String)", "the lock is not woven into its class", "includes the class");
    }

    @Test
    void passesTheCheckWhenTheLockIsOneOfSeveralAspects() throws Throwable {
        Object traced = orders(weaving(WeavingClassLoader.aopXml(this.directory, """
                <aspect name="io.github.lockspring.aspectj.DistributedLockAspect"/>
                <aspect name="io.github.lockspring.aspectj.TracingAspect"/>
                """)));
        assertThat(this.validator.postProcessAfterInitialization(traced, "orders"))
                .isSameAs(traced);
    }

    @Test
    void methodsOfAClassThatOnlyAnApplicationWeavesAreUnlocked() throws Throwable {
        Object traced = orders(weaving(WeavingClassLoader.aopXml(this.directory, """
                <aspect name="io.github.lockspring.aspectj.TracingAspect"/>
                """)));
        String type = WovenOrders.class.getName();

        assertThat(UnlockedMethods.in(beans(traced))).contains(type + ".own", type + ".meta");
        assertThat(UnlockedMethods.in(beans(this.orders))).isEmpty();
    }

    private static DefaultListableBeanFactory beans(Object bean) {
        DefaultListableBeanFactory beans = new DefaultListableBeanFactory();
        beans.registerBeanDefinition("bean", new RootBeanDefinition(bean.getClass()));
        beans.registerSingleton("bean", bean);
        return beans;
    }

    @Test
    void refusesAnAnnotationThatWeavingDoesNotSee() {
        assertThatExceptionOfType(InvalidLockAnnotationException.class)
                .isThrownBy(() -> this.validator.postProcessAfterInitialization(new Unseen(), "unseen"))
                .withMessageContainingAll(
                        Unseen.class.getName() + ".run()", "weaving does not see", "Put it on the method itself");
    }

    @ParameterizedTest
    @ValueSource(classes = {InheritedBody.class, InheritedDefault.class})
    void refusesABodyThatIsWovenWithoutItsAnnotation(Class<?> type) throws Throwable {
        Object bean = type.getDeclaredConstructor().newInstance();
        assertThatExceptionOfType(InvalidLockAnnotationException.class)
                .isThrownBy(() -> this.validator.postProcessAfterInitialization(bean, "bean"))
                .withMessageContainingAll(type.getName() + ".run()", "weaving does not see", "Put it on the method");
    }

    @Test
    void refusesAResultThatGoesOn() throws Throwable {
        setUpAspect();
        assertThatThrownBy(() -> this.orders.apply("later"))
                .isInstanceOf(InvalidLockAnnotationException.class)
                .hasMessageContainingAll("WovenOrders.later()", "FutureTask", "not done");
        assertThat(this.locked).containsExactly("later");
    }

    @Test
    void locksAProxyOfTheAspect() throws Throwable {
        DistributedLockAspect proxied = new DistributedLockAspect();
        proxied.setLockAspectSupport(support());
        AspectJProxyFactory factory = new AspectJProxyFactory(new WovenOrders());
        factory.setProxyTargetClass(true);
        factory.addAspect(proxied);
        WovenOrders orders = factory.getProxy();

        orders.own();
        orders.meta("7");

        assertThat(this.locked).containsExactly(WovenOrders.class.getName() + ".own", "order:7");
    }

    private void setUpAspect(LockFailureHandler... handlers) throws Throwable {
        setUpAspect(support(handlers));
    }

    private void setUpAspect(LockOperations operations) throws Throwable {
        setUpAspect(new LockAspectSupport(
                new LockOperationSource(text -> text), () -> operations, new StaticListableBeanFactory()));
    }

    /** The woven aspect is of another class loader. */
    private void setUpAspect(LockAspectSupport support) throws Throwable {
        this.aspect
                .getClass()
                .getMethod("setLockAspectSupport", LockAspectSupport.class)
                .invoke(this.aspect, support);
    }

    private LockAspectSupport support(LockFailureHandler... handlers) throws Throwable {
        LockOperations operations = mock(LockOperations.class);
        when(operations.call(any(LockOptions.class), any(LockCallback.class))).thenAnswer(call -> {
            LockOptions options = call.getArgument(0);
            if (options.lockName().name().equals("refused")) {
                throw new LockNotAcquiredException(options.lockName(), Duration.ZERO, null);
            }
            this.locked.add(options.lockName().fullName());
            LockCallback<?, ?> callback = call.getArgument(1);
            return callback.doInLock(mock(LockLease.class));
        });
        StaticListableBeanFactory beans = new StaticListableBeanFactory();
        for (LockFailureHandler handler : handlers) {
            beans.addBean("handler", handler);
        }
        return new LockAspectSupport(new LockOperationSource(text -> text), () -> operations, beans);
    }

    interface Api {

        @DistributedLock
        void run();
    }

    static class Unseen implements Api {

        @Override
        public void run() {}
    }

    static class Body {

        public void run() {}
    }

    static class InheritedBody extends Body implements Api {}

    interface WithDefault {

        default void run() {}
    }

    @DistributedLock
    static class InheritedDefault implements WithDefault {}
}
