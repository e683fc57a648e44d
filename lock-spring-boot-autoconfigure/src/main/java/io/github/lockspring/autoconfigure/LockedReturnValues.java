package io.github.lockspring.autoconfigure;

import io.github.lockspring.web.LockedReturnValueHandler;
import java.util.ArrayList;
import java.util.List;
import org.springframework.beans.factory.BeanFactory;
import org.springframework.beans.factory.BeanFactoryAware;
import org.springframework.beans.factory.config.BeanPostProcessor;
import org.springframework.web.method.support.HandlerMethodReturnValueHandler;
import org.springframework.web.servlet.mvc.method.annotation.RequestMappingHandlerAdapter;

/**
 * Adds the handler of locked results to each adapter of Spring MVC, before all others. A {@code WebMvcConfigurer} would
 * not reach an application that extends {@code WebMvcConfigurationSupport}, or sets the handlers itself.
 */
final class LockedReturnValues implements BeanPostProcessor, BeanFactoryAware {

    private final LockedReturnValueHandler handler = new LockedReturnValueHandler();

    @Override
    public void setBeanFactory(BeanFactory beanFactory) {
        this.handler.setBeanFactory(beanFactory);
    }

    @Override
    public Object postProcessAfterInitialization(Object bean, String beanName) {
        if (bean instanceof RequestMappingHandlerAdapter adapter) {
            List<HandlerMethodReturnValueHandler> handlers = new ArrayList<>();
            handlers.add(this.handler);
            List<HandlerMethodReturnValueHandler> present = adapter.getReturnValueHandlers();
            if (present != null) {
                handlers.addAll(present);
            }
            adapter.setReturnValueHandlers(handlers);
        }
        return bean;
    }
}
