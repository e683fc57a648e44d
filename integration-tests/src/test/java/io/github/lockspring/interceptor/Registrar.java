package io.github.lockspring.interceptor;

import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import org.springframework.aop.support.AopUtils;
import org.springframework.beans.factory.config.BeanPostProcessor;
import org.springframework.beans.factory.support.MergedBeanDefinitionPostProcessor;
import org.springframework.beans.factory.support.RootBeanDefinition;
import org.springframework.core.Ordered;
import org.springframework.core.annotation.AnnotatedElementUtils;
import org.springframework.util.ReflectionUtils;

/** Registers methods of the object that it gets, as post-processors for listeners do. */
class Registrar implements BeanPostProcessor {

    private final List<Runnable> registered = new CopyOnWriteArrayList<>();

    @Override
    public Object postProcessAfterInitialization(Object bean, String beanName) {
        ReflectionUtils.doWithMethods(
                AopUtils.getTargetClass(bean),
                method -> {
                    var invocable = AopUtils.selectInvocableMethod(method, bean.getClass());
                    ReflectionUtils.makeAccessible(invocable);
                    this.registered.add(() -> ReflectionUtils.invokeMethod(invocable, bean));
                },
                method -> AnnotatedElementUtils.hasAnnotation(method, Registered.class) && !method.isBridge());
        return bean;
    }

    /** Calls what was registered. */
    void callAll() {
        this.registered.forEach(Runnable::run);
    }

    /** As those of Kafka and RabbitMQ. */
    static class OrderedRegistrar extends Registrar implements Ordered {

        @Override
        public int getOrder() {
            return LOWEST_PRECEDENCE;
        }
    }

    /** As those of JMS and of scheduled methods. */
    static class MergedRegistrar extends OrderedRegistrar implements MergedBeanDefinitionPostProcessor {

        @Override
        public void postProcessMergedBeanDefinition(RootBeanDefinition definition, Class<?> type, String beanName) {}
    }
}
