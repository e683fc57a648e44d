package io.github.lockspring.interceptor;

import java.util.Iterator;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.Callable;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.Flow;
import java.util.concurrent.Future;
import java.util.function.Supplier;
import java.util.stream.BaseStream;
import org.springframework.core.ReactiveAdapterRegistry;
import org.springframework.util.ClassUtils;

/** What a result may still do after it was returned: the only place that distinguishes types of results. */
enum ResultKind {

    /** Nothing. */
    VALUE,

    /** The same as the result inside of it. */
    WRAPPER,

    /** Continues, and notifies when it is done. */
    STAGE,

    /** Continues, and can only be asked whether it is done. */
    FUTURE,

    /** Begins or continues later, and does not show until when. */
    LATER,

    /** Works whenever it is called or drawn from. */
    LAZY,

    /** Is code: possibly work for later, possibly just a function. */
    CODE;

    /** By name: none of them needs to be on the class path. */
    private static final Set<String> WRAPPERS = Set.of("org.springframework.http.HttpEntity");

    private static final Set<String> LATER_TYPES = Set.of(
            "kotlinx.coroutines.Job",
            "kotlinx.coroutines.flow.Flow",
            "org.reactivestreams.Publisher",
            "org.springframework.web.context.request.async.DeferredResult",
            "org.springframework.web.context.request.async.WebAsyncTask",
            "org.springframework.web.servlet.mvc.method.annotation.ResponseBodyEmitter",
            "org.springframework.web.servlet.mvc.method.annotation.StreamingResponseBody");

    private static final Set<String> LAZY_TYPES = Set.of("kotlin.sequences.Sequence");

    private static final Set<String> CODE_TYPES = Set.of("kotlin.Function");

    private static final ResultKind[] VALUES = values();

    /**
     * Numbers, not the kinds: these would keep an application that was undeployed in memory, through classes of the
     * JDK.
     */
    private static final ClassValue<Integer> KINDS = new ClassValue<>() {

        @Override
        @SuppressWarnings("EnumOrdinal") // Of the same class, in the same process.
        protected Integer computeValue(Class<?> type) {
            return find(type).ordinal();
        }
    };

    /** The kind of a declared type, or of the class of a result. */
    static ResultKind of(Class<?> type) {
        return VALUES[KINDS.get(type)];
    }

    /** Whether the work is certainly not done when such a result is returned, unless the result itself says so. */
    boolean goesOn() {
        return this == STAGE || this == FUTURE || this == LATER;
    }

    private static ResultKind find(Class<?> type) {
        if (CompletionStage.class.isAssignableFrom(type)) {
            return STAGE;
        }
        if (Future.class.isAssignableFrom(type)) {
            return FUTURE;
        }
        if (Flow.Publisher.class.isAssignableFrom(type) || isAny(type, LATER_TYPES) || isReactive(type)) {
            return LATER;
        }
        if (Optional.class == type || isAny(type, WRAPPERS)) {
            return WRAPPER;
        }
        if (Callable.class.isAssignableFrom(type)
                || Supplier.class.isAssignableFrom(type)
                || BaseStream.class.isAssignableFrom(type)
                || Iterator.class.isAssignableFrom(type)
                || isAny(type, LAZY_TYPES)) {
            return LAZY;
        }
        return Runnable.class.isAssignableFrom(type) || type.isHidden() || isAny(type, CODE_TYPES) ? CODE : VALUE;
    }

    /** Types of the JDK were checked before; the registry would load the reactive libraries for them. */
    private static boolean isReactive(Class<?> type) {
        return !type.isPrimitive()
                && !type.getName().startsWith("java.")
                && ReactiveAdapterRegistry.getSharedInstance().getAdapter(type) != null;
    }

    private static boolean isAny(Class<?> type, Set<String> names) {
        for (Class<?> each = type; each != null; each = each.getSuperclass()) {
            if (names.contains(each.getName())) {
                return true;
            }
        }
        return ClassUtils.getAllInterfacesForClassAsSet(type).stream().anyMatch(each -> names.contains(each.getName()));
    }
}
