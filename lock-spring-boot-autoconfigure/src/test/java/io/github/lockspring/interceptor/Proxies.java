package io.github.lockspring.interceptor;

import java.util.Map;
import org.springframework.aop.framework.ProxyFactory;
import org.springframework.beans.factory.support.StaticListableBeanFactory;
import org.springframework.core.env.MapPropertySource;
import org.springframework.core.env.StandardEnvironment;

/** Puts objects behind the advisor without a context. */
final class Proxies {

    private final StandardEnvironment environment = new StandardEnvironment();

    private final StaticListableBeanFactory beans = new StaticListableBeanFactory();

    private final RecordingLocks operations = new RecordingLocks();

    private final LockOperationSource source = new LockOperationSource(this.environment::resolveRequiredPlaceholders);

    Proxies property(String name, String value) {
        this.environment.getPropertySources().addFirst(new MapPropertySource(name, Map.of(name, value)));
        return this;
    }

    Proxies bean(String name, Object bean) {
        this.beans.addBean(name, bean);
        return this;
    }

    RecordingLocks operations() {
        return this.operations;
    }

    LockOperationSource source() {
        return this.source;
    }

    /** Proxies the class, as Spring Boot does by default. */
    <T> T ofClass(T target) {
        return proxy(target, true);
    }

    /** Proxies the interfaces. */
    <T> T ofInterfaces(Object target, Class<T> type) {
        return type.cast(proxy(target, false));
    }

    @SuppressWarnings("unchecked")
    private <T> T proxy(T target, boolean targetClass) {
        ProxyFactory factory = new ProxyFactory(target);
        factory.setProxyTargetClass(targetClass);
        BeanFactoryLockOperationSourceAdvisor advisor = new BeanFactoryLockOperationSourceAdvisor(this.source);
        advisor.setAdvice(new LockInterceptor(new LockAspectSupport(this.source, () -> this.operations, this.beans)));
        factory.addAdvisor(advisor);
        return (T) factory.getProxy();
    }
}
