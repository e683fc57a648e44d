package io.github.lockspring.autoconfigure;

import org.springframework.context.annotation.Condition;
import org.springframework.context.annotation.ConditionContext;
import org.springframework.core.env.Environment;
import org.springframework.core.type.AnnotatedTypeMetadata;
import org.springframework.util.ClassUtils;
import org.springframework.web.context.ConfigurableWebEnvironment;

/**
 * Matches in servlet applications that have Spring MVC on the class path. Decided by the environment alone: the operation
 * source, which has to decide the same, is created before beans can be asked for.
 */
final class OnSpringMvc implements Condition {

    private static final boolean PRESENT = ClassUtils.isPresent(
            "org.springframework.web.servlet.mvc.method.annotation.RequestMappingHandlerAdapter",
            OnSpringMvc.class.getClassLoader());

    static boolean matches(Environment environment) {
        return PRESENT && environment instanceof ConfigurableWebEnvironment;
    }

    @Override
    public boolean matches(ConditionContext context, AnnotatedTypeMetadata metadata) {
        return matches(context.getEnvironment());
    }
}
