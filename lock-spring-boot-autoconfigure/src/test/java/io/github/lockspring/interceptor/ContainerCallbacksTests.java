package io.github.lockspring.interceptor;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import io.github.lockspring.annotation.DistributedLock;
import java.util.Arrays;
import java.util.List;
import java.util.Objects;
import java.util.concurrent.ForkJoinPool;
import org.junit.jupiter.api.Test;
import org.springframework.beans.factory.DisposableBean;
import org.springframework.beans.factory.FactoryBean;
import org.springframework.beans.factory.InitializingBean;
import org.springframework.beans.factory.annotation.Autowired;
import org.springframework.beans.factory.config.BeanDefinition;
import org.springframework.beans.factory.support.AbstractBeanDefinition;
import org.springframework.beans.factory.support.DefaultListableBeanFactory;
import org.springframework.beans.factory.support.RootBeanDefinition;
import org.springframework.context.annotation.AdviceMode;

class ContainerCallbacksTests {

    private static final String INFERRED = AbstractBeanDefinition.INFER_METHOD;

    /** Which of them carries the annotation cannot be asked then. */
    @Test
    void leavesAttributesThatContradictEachOtherToTheirOwnMessage() {
        LockAnnotationValidator validator = new LockAnnotationValidator(
                new LockOperationSource(text -> text), LockValidation.FAIL, AdviceMode.PROXY);
        assertThatExceptionOfType(InvalidLockAnnotationException.class)
                .isThrownBy(() -> validator.postProcessAfterInitialization(new TwoNames(), "twoNames"))
                .withMessageContaining("the attributes contradict each other");
    }

    @Test
    void nothingIsCalledOnAProduct() {
        assertThat(refused(Closing.class, destroyedBy(CloseableFactory.class, INFERRED)))
                .isEmpty();
        assertThat(refused(Closing.class, destroyedBy(Closing.class, INFERRED))).containsExactly("close");
    }

    @Test
    void oneMethodIsInferredForTheEnd() {
        assertThat(refused(Closing.class, destroyedBy(Closing.class, INFERRED))).containsExactly("close");
        assertThat(refused(Closing.class, destroyedBy(Closing.class, null))).containsExactly("close");
        assertThat(refused(Closing.class, destroyedBy(Closing.class, "shutdown")))
                .containsExactly("shutdown");
        assertThat(refused(Closing.class, destroyedBy(Closing.class, ""))).isEmpty();
        assertThat(refused(ShuttingDown.class, destroyedBy(ShuttingDown.class, INFERRED)))
                .containsExactly("shutdown");
        assertThat(refused(ShuttingDown.class, destroyedBy(ShuttingDown.class, null)))
                .isEmpty();
        assertThat(refused(Pool.class, destroyedBy(Pool.class, INFERRED))).containsExactly("shutdown");
        assertThat(refused(Pool.class, destroyedBy(Pool.class, null))).containsExactly("shutdown");
    }

    @Test
    void nothingIsInferredForADisposableBean() {
        assertThat(refused(Disposable.class, destroyedBy(Disposable.class, INFERRED)))
                .containsExactly("destroy");
        assertThat(refused(Disposable.class, destroyedBy(Disposable.class, null)))
                .containsExactly("destroy");
    }

    @Test
    void prototypesAreNotDestroyed() {
        RootBeanDefinition prototype = destroyedBy(Disposable.class, INFERRED);
        prototype.setScope(BeanDefinition.SCOPE_PROTOTYPE);
        assertThat(refused(Disposable.class, prototype)).isEmpty();
    }

    @Test
    void onlyWhatIsAnnotatedItselfIsInjected() {
        assertThat(refused(Overriding.class, new RootBeanDefinition(Overriding.class)))
                .isEmpty();
        assertThat(refused(OverridingAutowired.class, new RootBeanDefinition(OverridingAutowired.class)))
                .containsExactly("inject");
    }

    private static RootBeanDefinition destroyedBy(Class<?> type, String method) {
        RootBeanDefinition definition = new RootBeanDefinition(type);
        definition.setDestroyMethodName(method);
        return definition;
    }

    private static List<String> refused(Class<?> type, RootBeanDefinition definition) {
        DefaultListableBeanFactory beans = new DefaultListableBeanFactory();
        beans.registerBeanDefinition("bean", definition);
        List<LockDeclaration> methods = Arrays.stream(type.getMethods())
                .map(method -> LockDeclaration.find(method, type))
                .filter(Objects::nonNull)
                .toList();

        List<LockAnnotationProblem> problems =
                ContainerCallbacks.of("bean", type, beans).problems(methods);

        return methods.stream()
                .filter(declaration ->
                        problems.stream().anyMatch(problem -> problem.toString().contains(declaration + ":")))
                .map(declaration -> declaration.method().getName())
                .toList();
    }

    static class TwoNames implements InitializingBean {

        @Override
        @DistributedLock(name = "one", value = "other")
        public void afterPropertiesSet() {}
    }

    static class CloseableFactory implements FactoryBean<Closing> {

        @Override
        public Closing getObject() {
            return new Closing();
        }

        @Override
        public Class<?> getObjectType() {
            return Closing.class;
        }
    }

    static class Closing implements AutoCloseable {

        @Override
        @DistributedLock("close")
        public void close() {}

        @DistributedLock("shutdown")
        public void shutdown() {}
    }

    static class ShuttingDown {

        @DistributedLock("shutdown")
        public void shutdown() {}
    }

    static class Pool extends ForkJoinPool {

        @Override
        @DistributedLock("shutdown")
        public void shutdown() {}
    }

    static class Disposable extends Closing implements DisposableBean {

        @Override
        @DistributedLock("destroy")
        public void destroy() {}
    }

    static class Injected {

        @Autowired
        public void inject(Runnable task) {}
    }

    static class Overriding extends Injected {

        @Override
        @DistributedLock("inject")
        public void inject(Runnable task) {}
    }

    static class OverridingAutowired extends Injected {

        @Override
        @Autowired
        @DistributedLock("inject")
        public void inject(Runnable task) {}
    }
}
