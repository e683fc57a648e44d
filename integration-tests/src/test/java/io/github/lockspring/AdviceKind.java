package io.github.lockspring;

import static org.assertj.core.api.Assertions.assertThat;

import org.jspecify.annotations.Nullable;
import org.springframework.aop.framework.AopProxyUtils;
import org.springframework.boot.test.context.runner.ApplicationContextRunner;
import org.springframework.context.ApplicationContext;

/** How calls of an annotated bean are locked: by a {@linkplain ProxyKind proxy} of either kind, or in the bean itself. */
public enum AdviceKind {
    CLASS(ProxyKind.CLASS),

    INTERFACES(ProxyKind.INTERFACES),

    /** By the aspect that AspectJ has woven into the class. What else there is around the bean is a JDK proxy. */
    WOVEN(null);

    private final @Nullable ProxyKind proxies;

    AdviceKind(@Nullable ProxyKind proxies) {
        this.proxies = proxies;
    }

    /** Contexts whose proxies are of this kind. */
    public ApplicationContextRunner in(ApplicationContextRunner runner) {
        return (this.proxies != null ? this.proxies : ProxyKind.INTERFACES).in(runner);
    }

    /** Returns the class of a bean with annotated methods, which has to implement a public interface. */
    public <T> Class<T> type(Class<T> type) {
        return this == WOVEN ? WovenClasses.woven(type) : type;
    }

    /** Returns a bean whose class is of {@link #type}. */
    public <T> T bean(ApplicationContext context, Class<T> type, String name) {
        return checked(context.getBean(name, type));
    }

    /** Returns the one bean of an interface, whose class is of {@link #type}. */
    public <T> T bean(ApplicationContext context, Class<T> type) {
        return checked(context.getBean(type));
    }

    private <T> T checked(T bean) {
        if (this.proxies != null) {
            this.proxies.assertIsKindOf(bean);
        } else {
            assertThat(AopProxyUtils.ultimateTargetClass(bean)).matches(WovenClasses::isWoven, "is woven");
        }
        return bean;
    }
}
