package io.github.lockspring.interceptor;

import java.lang.reflect.Method;
import java.util.Arrays;
import org.springframework.core.KotlinDetector;
import org.springframework.core.ResolvableType;
import org.springframework.util.ClassUtils;

/**
 * Methods as they are written, not as Kotlin's compiler has made them: it appends a continuation, which has the type of
 * the result, to the parameters of a suspending function, and a hyphen to the name of one that has value classes as
 * parameters. Kotlin need not be there.
 */
final class KotlinFunctions {

    /** What Spring's advice of suspending functions needs, by the artifacts that have it. */
    private static final String COROUTINES = "kotlinx.coroutines.reactor.MonoKt";

    private static final String REFLECTION = "kotlin.reflect.full.KClasses";

    private KotlinFunctions() {}

    static boolean isSuspending(Method method) {
        return KotlinDetector.isSuspendingFunction(method);
    }

    static String name(Method method) {
        String name = method.getName();
        int suffix = name.indexOf('-');
        return suffix > 0 ? name.substring(0, suffix) : name;
    }

    static int parameterCount(Method method) {
        return isSuspending(method) ? method.getParameterCount() - 1 : method.getParameterCount();
    }

    static Class<?>[] parameterTypes(Method method) {
        return Arrays.copyOf(method.getParameterTypes(), parameterCount(method));
    }

    static ResolvableType result(Method method, Class<?> beanClass) {
        return isSuspending(method)
                ? ResolvableType.forMethodParameter(method, parameterCount(method), beanClass)
                        .getGeneric()
                : ResolvableType.forMethodReturnType(method, beanClass);
    }

    static Class<?> returnType(Method method, Class<?> beanClass) {
        return result(method, beanClass).resolve(method.getReturnType());
    }

    static boolean isUnit(Class<?> type) {
        return type.getName().equals("kotlin.Unit");
    }

    /** Says why nothing holds the lock of a suspending function. */
    static void refuse(LockAttributes attributes) {
        ClassLoader loader = attributes.declaration().beanClass().getClassLoader();
        if (ClassUtils.isPresent(COROUTINES, loader) && ClassUtils.isPresent(REFLECTION, loader)) {
            attributes.add(
                    "",
                    "the function suspends, and would be locked again by the woven aspect each time it continues",
                    "Use proxies: distributed-lock.advice-mode=proxy, or use LockOperations.withLockSuspending inside"
                            + " the function");
        } else {
            attributes.add(
                    "",
                    "the function suspends, and Spring cannot apply advice to it without the coroutines of Reactor and"
                            + " Kotlin's reflection",
                    "Add the dependencies org.jetbrains.kotlinx:kotlinx-coroutines-reactor and"
                            + " org.jetbrains.kotlin:kotlin-reflect");
        }
    }
}
