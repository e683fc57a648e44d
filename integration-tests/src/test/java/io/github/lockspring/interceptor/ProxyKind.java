package io.github.lockspring.interceptor;

import static org.assertj.core.api.Assertions.assertThat;

import org.springframework.aop.support.AopUtils;
import org.springframework.boot.test.context.runner.ApplicationContextRunner;

/** What callers of a bean get. */
enum ProxyKind {

    /** A subclass: the default of Spring Boot. */
    CLASS,

    /** A JDK proxy of the interfaces. */
    INTERFACES;

    ApplicationContextRunner runner() {
        return withLocking(new ApplicationContextRunner());
    }

    ApplicationContextRunner withLocking(ApplicationContextRunner runner) {
        return runner.withUserConfiguration(LockingConfiguration.class)
                .withPropertyValues("spring.aop.proxy-target-class=" + (this == CLASS));
    }

    void assertIsKindOf(Object bean) {
        assertThat(this == CLASS ? AopUtils.isCglibProxy(bean) : AopUtils.isJdkDynamicProxy(bean))
                .as("%s is a proxy of kind %s", bean.getClass(), this)
                .isTrue();
    }
}
