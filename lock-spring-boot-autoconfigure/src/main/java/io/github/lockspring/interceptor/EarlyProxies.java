package io.github.lockspring.interceptor;

import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import org.springframework.aop.framework.AopProxyUtils;
import org.springframework.beans.factory.config.SmartInstantiationAwareBeanPostProcessor;
import org.springframework.beans.factory.support.MergedBeanDefinitionPostProcessor;
import org.springframework.beans.factory.support.RootBeanDefinition;
import org.springframework.core.Ordered;

/**
 * Passes a proxy that was created early to the post-processors that would get the bare bean. In a circular reference
 * the proxy creator creates the proxy before the bean is complete and then returns the bare bean; the container
 * replaces it after the last post-processor. A post-processor that registers methods, as those for scheduled methods
 * and listeners do, would bypass the lock. Therefore they get the proxy, as they do without a circular reference; the
 * {@linkplain End last post-processor} gives back the bare bean, which tells the container to take the early proxy.
 */
final class EarlyProxies implements SmartInstantiationAwareBeanPostProcessor, Ordered {

    private final Map<String, Object> early = new ConcurrentHashMap<>();

    private final Map<String, Shown> shown = new ConcurrentHashMap<>();

    /** Behind the creator of proxies, before the others. */
    @Override
    public int getOrder() {
        return Ordered.HIGHEST_PRECEDENCE + 1;
    }

    @Override
    public Object getEarlyBeanReference(Object bean, String beanName) {
        if (LockProxyCheck.locks(bean)) {
            this.early.put(beanName, bean);
        }
        return bean;
    }

    @Override
    public Object postProcessAfterInitialization(Object bean, String beanName) {
        Object proxy = this.early.remove(beanName);
        if (proxy == null || AopProxyUtils.getSingletonTarget(proxy) != bean) {
            return bean;
        }
        this.shown.put(beanName, new Shown(proxy, bean));
        return proxy;
    }

    private record Shown(Object proxy, Object bean) {}

    /** The last post-processor: those for merged definitions are called after all others. */
    static final class End implements MergedBeanDefinitionPostProcessor {

        private final EarlyProxies proxies;

        End(EarlyProxies proxies) {
            this.proxies = proxies;
        }

        @Override
        public void postProcessMergedBeanDefinition(RootBeanDefinition definition, Class<?> type, String beanName) {}

        @Override
        public Object postProcessAfterInitialization(Object bean, String beanName) {
            Shown shown = this.proxies.shown.remove(beanName);
            return shown != null && shown.proxy() == bean ? shown.bean() : bean;
        }
    }
}
