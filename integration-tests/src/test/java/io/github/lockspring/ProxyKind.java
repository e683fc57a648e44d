package io.github.lockspring;

import static org.assertj.core.api.Assertions.assertThat;

import org.springframework.aop.support.AopUtils;
import org.springframework.boot.test.context.runner.ApplicationContextRunner;
import org.springframework.context.ApplicationContext;

/** What callers of an annotated bean get. */
public enum ProxyKind {

    /** A subclass: the default of Spring Boot. */
    CLASS,

    /** A JDK proxy of the interfaces. */
    INTERFACES;

    /** Contexts whose proxies are of this kind. */
    public ApplicationContextRunner in(ApplicationContextRunner runner) {
        return runner.withPropertyValues("spring.aop.proxy-target-class=" + (this == CLASS));
    }

    /** Returns a bean, which is a proxy of this kind. */
    public <T> T bean(ApplicationContext context, Class<T> type, String name) {
        return checked(context.getBean(name, type));
    }

    /** Returns the one bean of a type, which is a proxy of this kind. */
    public <T> T bean(ApplicationContext context, Class<T> type) {
        return checked(context.getBean(type));
    }

    private <T> T checked(T bean) {
        assertIsKindOf(bean);
        return bean;
    }

    public void assertIsKindOf(Object bean) {
        assertThat(this == CLASS ? AopUtils.isCglibProxy(bean) : AopUtils.isJdkDynamicProxy(bean))
                .as("%s is a proxy of kind %s", bean.getClass(), this)
                .isTrue();
    }
}
