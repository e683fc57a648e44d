package io.github.lockspring.interceptor;

import io.github.lockspring.LockKeyException;
import io.github.lockspring.LockKeyType;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.springframework.beans.factory.BeanFactory;
import org.springframework.beans.factory.config.ConfigurableBeanFactory;
import org.springframework.core.ResolvableType;
import org.springframework.core.convert.ConversionService;
import org.springframework.core.convert.converter.Converter;
import org.springframework.core.convert.support.DefaultConversionService;
import org.springframework.util.ClassUtils;

/**
 * Text of values that cannot be key parts themselves, by a {@code Converter<T, String>} of the application: a bean, or
 * a converter that is registered with a {@link ConversionService} bean or with that of the bean factory. Values that
 * need no converter are never converted, so that code and annotation always agree on the lock. Thread-safe.
 */
final class LockKeyConverters {

    private static final ConversionService BUILT_IN = DefaultConversionService.getSharedInstance();

    private final BeanFactory beanFactory;

    private final Map<Class<?>, List<Converter<Object, String>>> converters = new ConcurrentHashMap<>();

    LockKeyConverters(BeanFactory beanFactory) {
        this.beanFactory = beanFactory;
    }

    /** The text of a value, its own or by a converter; the value itself if there is none, which is then refused. */
    @Nullable Object convert(@Nullable Object value) {
        if (value == null || value instanceof String) {
            return value;
        }
        LockKeyType type = LockKeyType.of(value.getClass());
        if (value instanceof Number && !type.isRefused()) {
            return value;
        }
        String text = type.isRefused() ? null : ownText(type, value);
        if (text == null && !LockKeyType.isContainer(value.getClass())) {
            text = converted(value);
        }
        return text != null ? text : value;
    }

    private @Nullable String converted(Object value) {
        for (Converter<Object, String> converter : convertersOf(value.getClass())) {
            String text = converter.convert(value);
            if (text != null) {
                return text;
            }
        }
        return null;
    }

    private static @Nullable String ownText(LockKeyType type, Object value) {
        try {
            return type.textOf(value);
        } catch (LockKeyException refused) {
            return null;
        }
    }

    /** The text of a value that is joined to others. */
    String textOf(@Nullable Object value) {
        Object part = convert(value);
        String text = part != null ? textOfPart(part) : null;
        if (text == null) {
            throw new LockKeyException("is null: all callers with null would share one lock");
        }
        return text;
    }

    private static @Nullable String textOfPart(Object part) {
        try {
            return LockKeyType.of(part.getClass()).textOf(part);
        } catch (LockKeyException ex) {
            throw new LockKeyException(ex.getMessage() + hint(part), ex);
        }
    }

    /** What else can be done about a part that was refused, as the end of a sentence. */
    static String hint(@Nullable Object part) {
        return part == null || part instanceof String || LockKeyType.isContainer(part.getClass())
                ? ""
                : "; or register a Converter<" + part.getClass().getSimpleName() + ", String> bean";
    }

    /** Looked for outside of any lock, since that may create beans. */
    private List<Converter<Object, String>> convertersOf(Class<?> type) {
        List<Converter<Object, String>> known = this.converters.get(type);
        if (known == null) {
            known = Stream.concat(beans(type), services().flatMap(service -> registered(service, type)))
                    .toList();
            this.converters.put(type, known);
        }
        return known;
    }

    private Stream<Converter<Object, String>> beans(Class<?> type) {
        Set<Class<?>> sources = new LinkedHashSet<>();
        for (Class<?> each = type; each != null && each != Object.class; each = each.getSuperclass()) {
            sources.add(each);
        }
        sources.addAll(ClassUtils.getAllInterfacesForClassAsSet(type));
        return sources.stream()
                .flatMap(source -> this.beanFactory
                        .<Converter<Object, String>>getBeanProvider(
                                ResolvableType.forClassWithGenerics(Converter.class, source, String.class))
                        .orderedStream());
    }

    private Stream<ConversionService> services() {
        Stream<ConversionService> own = this.beanFactory instanceof ConfigurableBeanFactory configurable
                        && configurable.getConversionService() != null
                ? Stream.of(configurable.getConversionService())
                : Stream.empty();
        List<ConversionService> beans = this.beanFactory
                .getBeanProvider(ConversionService.class)
                .orderedStream()
                .toList();
        return Stream.concat(own, beans.stream()).distinct();
    }

    /**
     * Every service converts an object by calling {@code toString()}, which is what was refused. The text of a service
     * for a type of the JDK is meant for display, such as a calendar's date in the language of the user.
     */
    private static Stream<Converter<Object, String>> registered(ConversionService service, Class<?> type) {
        if (type.getClassLoader() == null || !service.canConvert(type, String.class)) {
            return Stream.empty();
        }
        boolean builtIn = BUILT_IN.canConvert(type, String.class);
        return Stream.of(value -> {
            String text = service.convert(value, String.class);
            return builtIn && String.valueOf(value).equals(text) ? null : text;
        });
    }
}
