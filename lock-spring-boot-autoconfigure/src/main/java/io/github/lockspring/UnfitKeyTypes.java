package io.github.lockspring;

import java.lang.reflect.AnnotatedElement;
import java.lang.reflect.Proxy;
import java.nio.Buffer;
import java.nio.file.Path;
import java.util.BitSet;
import java.util.Calendar;
import java.util.Iterator;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalDouble;
import java.util.OptionalInt;
import java.util.OptionalLong;
import java.util.Set;
import java.util.concurrent.atomic.AtomicIntegerArray;
import java.util.concurrent.atomic.AtomicLongArray;
import java.util.concurrent.atomic.AtomicReference;
import java.util.concurrent.atomic.AtomicReferenceArray;
import java.util.stream.BaseStream;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.springframework.core.annotation.MergedAnnotations;
import org.springframework.core.annotation.MergedAnnotations.SearchStrategy;
import org.springframework.util.ClassUtils;

/** The types whose values cannot identify a lock, and what to pass instead. Libraries are known by name only. */
final class UnfitKeyTypes {

    private static final List<Class<?>> CONTAINERS = List.of(
            Map.class,
            Map.Entry.class,
            Optional.class,
            OptionalInt.class,
            OptionalLong.class,
            OptionalDouble.class,
            Iterator.class,
            BaseStream.class,
            BitSet.class,
            AtomicReferenceArray.class,
            AtomicIntegerArray.class,
            AtomicLongArray.class);

    private static final Set<String> ENTITY_ANNOTATIONS =
            Set.of("jakarta.persistence.Entity", "javax.persistence.Entity");

    private static final Set<String> ID_ANNOTATIONS = Set.of(
            "jakarta.persistence.Id",
            "jakarta.persistence.EmbeddedId",
            "javax.persistence.Id",
            "javax.persistence.EmbeddedId",
            "org.springframework.data.annotation.Id");

    private static final Set<String> REFERENCE_INTERFACES = Set.of("org.hibernate.proxy.HibernateProxy");

    private static final Set<String> PROXY_INTERFACES =
            Set.of("org.springframework.aop.SpringProxy", "javassist.util.proxy.ProxyObject");

    private static final List<String> PROXY_NAMES = List.of("$HibernateProxy$", "$ByteBuddy$", "$MockitoMock$");

    private UnfitKeyTypes() {}

    static boolean isContainer(Class<?> type) {
        return type.isArray()
                || CONTAINERS.stream().anyMatch(container -> container.isAssignableFrom(type))
                || Iterable.class.isAssignableFrom(type) && !Path.class.isAssignableFrom(type);
    }

    /**
     * Why its values are refused and what to do, as the end of a sentence that begins with the key part; null if they
     * are accepted.
     */
    static @Nullable String refusalOf(Class<?> type) {
        if (isEntity(type)) {
            return "is an entity (" + nameOf(type)
                    + "): its text changes with its state, so use its identifier, such as #order.id";
        }
        if (isProxy(type)) {
            return "is a proxy (" + nameOf(type)
                    + "): its text depends on how it was created, so use an identifying property";
        }
        if (CharSequence.class.isAssignableFrom(type)) {
            return isOwn(type, "toString") ? null : noText(type);
        }
        if (isContainer(type)) {
            return "is a container (" + type.getTypeName() + "): pass its elements as separate parts";
        }
        String holder = holder(type);
        if (holder != null) {
            return holder;
        }
        if (!isOwn(type, "toString")) {
            return noText(type);
        }
        if (!LockKeyType.isText(type) && !isOwn(type, "equals", Object.class)) {
            return "has no equality of its own (" + type.getName()
                    + " does not override equals(Object)): two instances are never equal, so use an identifying"
                    + " property, or override equals and hashCode";
        }
        return null;
    }

    static String noText(Class<?> type) {
        return "has no text form of its own (" + type.getName()
                + " does not override toString()): every instance would get a lock that no other process uses, so"
                + " use an identifying property";
    }

    private static @Nullable String holder(Class<?> type) {
        if (Calendar.class.isAssignableFrom(type)) {
            return "is a calendar (" + type.getName()
                    + "): its text depends on earlier calls of its methods, so use #calendar.toInstant()";
        }
        if (Buffer.class.isAssignableFrom(type)) {
            return "is a buffer (" + type.getName() + "): its text does not show its content, so pass the content as"
                    + " text";
        }
        if (AtomicReference.class.isAssignableFrom(type)) {
            return "is a mutable reference (" + type.getName() + "): pass its value, such as #reference.get()";
        }
        return null;
    }

    private static boolean isEntity(Class<?> type) {
        return interfacesOf(type).anyMatch(REFERENCE_INTERFACES::contains)
                || ENTITY_ANNOTATIONS.stream()
                        .anyMatch(MergedAnnotations.from(type, SearchStrategy.SUPERCLASS)::isPresent)
                || hasId(type);
    }

    private static boolean hasId(Class<?> type) {
        try {
            for (Class<?> each = type; each != null && !isOfJdk(each); each = each.getSuperclass()) {
                if (Stream.concat(Stream.of(each.getDeclaredFields()), Stream.of(each.getDeclaredMethods()))
                        .anyMatch(UnfitKeyTypes::isId)) {
                    return true;
                }
            }
            return false;
        } catch (LinkageError ex) {
            // Fields and methods of missing libraries: without these libraries, there are no entities of theirs either.
            return false;
        }
    }

    private static boolean isId(AnnotatedElement member) {
        return Stream.of(member.getDeclaredAnnotations())
                .anyMatch(annotation ->
                        ID_ANNOTATIONS.contains(annotation.annotationType().getName()));
    }

    private static boolean isProxy(Class<?> type) {
        return Proxy.isProxyClass(type)
                || ClassUtils.getUserClass(type) != type
                || PROXY_NAMES.stream().anyMatch(type.getName()::contains)
                || interfacesOf(type).anyMatch(PROXY_INTERFACES::contains);
    }

    private static Stream<String> interfacesOf(Class<?> type) {
        return ClassUtils.getAllInterfacesForClassAsSet(type).stream().map(Class::getName);
    }

    private static String nameOf(Class<?> type) {
        return Proxy.isProxyClass(type)
                ? "of " + String.join(", ", interfacesOf(type).toList())
                : type.getName();
    }

    private static boolean isOfJdk(Class<?> type) {
        return type.getClassLoader() == null;
    }

    private static boolean isOwn(Class<?> type, String method, Class<?>... parameters) {
        try {
            return type.getMethod(method, parameters).getDeclaringClass() != Object.class;
        } catch (NoSuchMethodException ex) {
            return false; // An interface.
        }
    }
}
