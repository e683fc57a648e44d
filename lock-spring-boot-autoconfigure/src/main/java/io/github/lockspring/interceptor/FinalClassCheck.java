package io.github.lockspring.interceptor;

import java.lang.reflect.Modifier;
import java.lang.reflect.Proxy;
import java.util.List;
import org.springframework.aop.config.AopConfigUtils;
import org.springframework.aop.framework.ProxyConfig;
import org.springframework.aop.framework.ProxyFactory;
import org.springframework.aop.framework.ProxyProcessorSupport;
import org.springframework.aop.framework.autoproxy.AutoProxyUtils;
import org.springframework.beans.factory.config.ConfigurableListableBeanFactory;

/**
 * Finds annotated methods of final classes whose proxy would have to be a subclass, before it is created: the failure
 * would not name the reason.
 */
final class FinalClassCheck extends ProxyProcessorSupport {

    private static final long serialVersionUID = 1L;

    /** The attribute of a bean that requires a proxy of its interfaces; since Spring Framework 7. */
    private static final String EXPOSED_INTERFACES = AutoProxyUtils.class.getName() + ".exposedInterfaces";

    @SuppressWarnings("serial")
    private final ConfigurableListableBeanFactory beanFactory;

    FinalClassCheck(ConfigurableListableBeanFactory beanFactory) {
        this.beanFactory = beanFactory;
    }

    List<LockAnnotationProblem> check(Class<?> type, String beanName, List<LockDeclaration> methods) {
        if (methods.isEmpty() || !needsSubclass(type, beanName)) {
            return List.of();
        }
        return methods.stream()
                .map(declaration -> declaration.problem(
                        "",
                        "the class is final, so a proxy cannot extend it",
                        "Remove final (in Kotlin, add open or use the compiler plugin for Spring), or call it"
                                + " through an"
                                + " interface with spring.aop.proxy-target-class=false"))
                .toList();
    }

    static boolean isFinal(Class<?> type) {
        return Modifier.isFinal(type.getModifiers()) && !Proxy.isProxyClass(type) && !type.isHidden();
    }

    private boolean needsSubclass(Class<?> type, String beanName) {
        return isFinal(type)
                && (!hasInterfaces(type)
                        || AutoProxyUtils.shouldProxyTargetClass(this.beanFactory, beanName)
                        || classesAreProxied() && !exposesInterfaces(beanName));
    }

    private boolean hasInterfaces(Class<?> type) {
        ProxyFactory factory = new ProxyFactory();
        evaluateProxyInterfaces(type, factory);
        return !factory.isProxyTargetClass();
    }

    private boolean classesAreProxied() {
        String creator = AopConfigUtils.AUTO_PROXY_CREATOR_BEAN_NAME;
        return this.beanFactory.containsBean(creator)
                && this.beanFactory.getBean(creator) instanceof ProxyConfig config
                && config.isProxyTargetClass();
    }

    private boolean exposesInterfaces(String beanName) {
        return this.beanFactory.containsBeanDefinition(beanName)
                && this.beanFactory.getMergedBeanDefinition(beanName).hasAttribute(EXPOSED_INTERFACES);
    }
}
