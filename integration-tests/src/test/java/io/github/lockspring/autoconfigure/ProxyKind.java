package io.github.lockspring.autoconfigure;

import static org.assertj.core.api.Assertions.assertThat;

import org.springframework.aop.support.AopUtils;
import org.springframework.boot.test.context.runner.ApplicationContextRunner;
import org.springframework.context.ApplicationContext;

/** What callers of an annotated bean get. */
enum ProxyKind {

    /** A subclass: the default of Spring Boot. */
    CLASS,

    /** A JDK proxy of the interfaces. */
    INTERFACES;

    ApplicationContextRunner in(ApplicationContextRunner runner) {
        return runner.withPropertyValues("spring.aop.proxy-target-class=" + (this == CLASS));
    }

    /** Returns a bean, which is a proxy of this kind. */
    <T> T bean(ApplicationContext context, Class<T> type, String name) {
        T bean = context.getBean(name, type);
        assertThat(this == CLASS ? AopUtils.isCglibProxy(bean) : AopUtils.isJdkDynamicProxy(bean))
                .as("%s is a proxy of kind %s", bean.getClass(), this)
                .isTrue();
        return bean;
    }
}
