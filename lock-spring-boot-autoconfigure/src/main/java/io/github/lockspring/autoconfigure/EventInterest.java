package io.github.lockspring.autoconfigure;

import io.github.lockspring.LockEvent;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.springframework.beans.factory.config.ConfigurableListableBeanFactory;
import org.springframework.context.ApplicationContext;
import org.springframework.context.ApplicationListener;
import org.springframework.context.PayloadApplicationEvent;
import org.springframework.context.event.GenericApplicationListener;
import org.springframework.context.event.GenericApplicationListenerAdapter;
import org.springframework.context.support.AbstractApplicationContext;
import org.springframework.core.ResolvableType;

/** Which events a context and its parents have a listener for: both get what is published in that context. */
final class EventInterest {

    private EventInterest() {}

    static Set<Class<? extends LockEvent>> among(
            Set<Class<? extends LockEvent>> types, @Nullable ApplicationContext context) {
        return types.stream()
                .filter(type -> isWanted(published(type), context))
                .collect(Collectors.toUnmodifiableSet());
    }

    private static ResolvableType published(Class<?> type) {
        return ResolvableType.forClassWithGenerics(PayloadApplicationEvent.class, type);
    }

    private static boolean isWanted(ResolvableType event, @Nullable ApplicationContext context) {
        for (ApplicationContext each = context; each != null; each = each.getParent()) {
            if (each instanceof AbstractApplicationContext listening
                    && (listening.getApplicationListeners().stream().anyMatch(listener -> accepts(listener, event))
                            || lazyListeners(listening.getBeanFactory()).anyMatch(type -> accepts(type, event)))) {
                return true;
            }
        }
        return false;
    }

    private static boolean accepts(ApplicationListener<?> listener, ResolvableType event) {
        GenericApplicationListener typed = listener instanceof GenericApplicationListener generic
                ? generic
                : new GenericApplicationListenerAdapter(listener);
        return typed.supportsEventType(event);
    }

    /** Listeners that are beans to come: the first event creates them. */
    private static Stream<ResolvableType> lazyListeners(ConfigurableListableBeanFactory beans) {
        return Stream.of(beans.getBeanNamesForType(ApplicationListener.class, true, false))
                .filter(name -> beans.containsBeanDefinition(name) && !beans.containsSingleton(name))
                .map(name -> beans.getMergedBeanDefinition(name).getResolvableType());
    }

    private static boolean accepts(ResolvableType listener, ResolvableType event) {
        ResolvableType declared = listener.as(ApplicationListener.class).getGeneric();
        return declared.resolve() == null || declared.isAssignableFrom(event);
    }
}
