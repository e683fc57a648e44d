package io.github.lockspring.interceptor;

import io.github.lockspring.LockException;
import io.github.lockspring.LockNotAcquiredException;
import java.lang.reflect.Method;
import java.lang.reflect.Modifier;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.springframework.core.ResolvableType;
import org.springframework.util.ClassUtils;
import org.springframework.util.ReflectionUtils;

/**
 * Finds the fallback of a method by its name: among the methods of the bean's class, inherited ones included, and the
 * private methods of the class that declares the locked method or the annotation.
 */
final class FallbackSearch {

    private final LockAttributes attributes;

    private final LockDeclaration declaration;

    private final Method locked;

    FallbackSearch(LockAttributes attributes) {
        this.attributes = attributes;
        this.declaration = attributes.declaration();
        this.locked = this.declaration.method();
    }

    /** The fallback; {@code null} if there is none, or if that is a problem. */
    @Nullable Fallback find(String written) {
        String attribute = LockAttributes.written("fallback", written);
        String name = this.attributes.resolve(attribute, written);
        if (name == null || name.isBlank()) {
            return null;
        }
        List<Method> named = candidates(name.strip());
        List<Method> fitting = named.stream().filter(this::fits).toList();
        if (fitting.size() == 1) {
            return checked(attribute, fitting.get(0));
        }
        this.attributes.add(
                attribute,
                fitting.isEmpty()
                        ? "no method " + name.strip() + " of "
                                + this.declaration.beanClass().getName() + " fits" + listed(", but there are ", named)
                        : "several methods fit: " + listed("", fitting),
                fitting.isEmpty() ? "Declare " + wanted(name.strip()) : "Keep one of them, or rename the others");
        return null;
    }

    private @Nullable Fallback checked(String attribute, Method fallback) {
        if (LockDeclaration.find(fallback, this.declaration.beanClass()) != null) {
            this.attributes.add(
                    attribute,
                    signature(fallback) + " is locked itself, but a fallback runs without lock",
                    "Annotate it with @NotLocked, or make it private and not annotated");
            return null;
        }
        ReflectionUtils.makeAccessible(fallback);
        return new Fallback(fallback, KotlinFunctions.parameterCount(this.locked));
    }

    /** In the order of Java's search, without what is overridden or hidden. */
    private List<Method> candidates(String name) {
        List<Method> found = new ArrayList<>();
        Set<Class<?>> owners = owners();
        Class<?> beanClass = this.declaration.beanClass();
        Set<Class<?>> types = new LinkedHashSet<>();
        for (Class<?> type = beanClass; type != null && type != Object.class; type = type.getSuperclass()) {
            types.add(type);
        }
        types.addAll(owners);
        Stream.concat(
                        types.stream().flatMap(type -> Arrays.stream(type.getDeclaredMethods())),
                        Arrays.stream(beanClass.getMethods()))
                .filter(method -> KotlinFunctions.name(method).equals(name) && isCandidate(method, owners))
                .filter(method -> found.stream().noneMatch(known -> replaces(known, method)))
                .forEach(found::add);
        return found;
    }

    private Set<Class<?>> owners() {
        Set<Class<?>> owners = new LinkedHashSet<>();
        owners.add(this.locked.getDeclaringClass());
        owners.add(this.declaration.annotatedType());
        return owners;
    }

    private boolean isCandidate(Method method, Set<Class<?>> owners) {
        return !method.isSynthetic()
                && !Modifier.isAbstract(method.getModifiers())
                && !replaces(this.locked, method)
                && (!Modifier.isPrivate(method.getModifiers()) || owners.contains(method.getDeclaringClass()));
    }

    /** Whether a method is another one, or overrides or hides it. */
    private static boolean replaces(Method known, Method other) {
        return known.equals(other)
                || known.getName().equals(other.getName())
                        && !Modifier.isPrivate(known.getModifiers())
                        && !Modifier.isPrivate(other.getModifiers())
                        && Arrays.equals(known.getParameterTypes(), other.getParameterTypes());
    }

    private boolean fits(Method candidate) {
        int count = KotlinFunctions.parameterCount(this.locked);
        Class<?>[] types = KotlinFunctions.parameterTypes(candidate);
        boolean takesFailure = types.length == count + 1
                && (types[count] == LockNotAcquiredException.class || types[count] == LockException.class);
        return (types.length == count || takesFailure)
                && takesParameters(candidate, count)
                && (KotlinFunctions.isSuspending(this.locked) || !KotlinFunctions.isSuspending(candidate))
                && returnsResult(candidate)
                && throwsNothingElse(candidate)
                && (!Modifier.isStatic(this.locked.getModifiers()) || Modifier.isStatic(candidate.getModifiers()));
    }

    private boolean takesParameters(Method candidate, int count) {
        for (int i = 0; i < count; i++) {
            if (candidate.getParameterTypes()[i] != this.locked.getParameterTypes()[i]
                    && parameterOf(candidate, i) != parameterOf(this.locked, i)) {
                return false;
            }
        }
        return true;
    }

    private boolean returnsResult(Method candidate) {
        Class<?> wanted = this.declaration.returnType();
        Class<?> returned = KotlinFunctions.returnType(candidate, this.declaration.beanClass());
        return wanted == returned
                || returned != void.class && ClassUtils.isAssignable(wanted, returned)
                || returned == void.class && KotlinFunctions.isUnit(wanted);
    }

    /** A proxy would wrap a checked exception that the locked method does not declare. */
    private boolean throwsNothingElse(Method candidate) {
        return Arrays.stream(candidate.getExceptionTypes())
                .allMatch(type -> RuntimeException.class.isAssignableFrom(type)
                        || Error.class.isAssignableFrom(type)
                        || Arrays.stream(this.locked.getExceptionTypes())
                                .anyMatch(declared -> declared.isAssignableFrom(type)));
    }

    private Class<?> parameterOf(Method method, int index) {
        return ResolvableType.forMethodParameter(method, index, this.declaration.beanClass())
                .resolve(method.getParameterTypes()[index]);
    }

    private String wanted(String name) {
        String parameters = Arrays.stream(KotlinFunctions.parameterTypes(this.locked))
                .map(Class::getSimpleName)
                .collect(Collectors.joining(", "));
        String throwing = Arrays.stream(this.locked.getExceptionTypes())
                .map(Class::getSimpleName)
                .collect(Collectors.joining(", "));
        String separator = parameters.isEmpty() ? "" : ", ";
        return (Modifier.isStatic(this.locked.getModifiers()) ? "static " : "")
                + this.declaration.returnType().getSimpleName() + " " + name + "(" + parameters + "), or with one more"
                + " parameter: " + name + "(" + parameters + separator + "LockNotAcquiredException), or " + name + "("
                + parameters + separator + "LockException) for failures of the store as well, in the same class"
                + (throwing.isEmpty() ? ", without checked exceptions" : ", throwing no more than " + throwing);
    }

    /** Sorted: Java does not say in which order it finds methods. */
    private static String listed(String prefix, List<Method> methods) {
        return methods.isEmpty()
                ? ""
                : prefix
                        + methods.stream()
                                .map(FallbackSearch::signature)
                                .sorted()
                                .collect(Collectors.joining(", "));
    }

    private static String signature(Method method) {
        String throwing = Arrays.stream(method.getExceptionTypes())
                .map(Class::getSimpleName)
                .collect(Collectors.joining(", "));
        return (Modifier.isStatic(method.getModifiers()) ? "static " : "")
                + KotlinFunctions.returnType(method, method.getDeclaringClass()).getSimpleName() + " "
                + KotlinFunctions.name(method)
                + Arrays.stream(KotlinFunctions.parameterTypes(method))
                        .map(Class::getSimpleName)
                        .collect(Collectors.joining(", ", "(", ")"))
                + (throwing.isEmpty() ? "" : " throws " + throwing);
    }
}
