package io.github.lockspring.autoconfigure;

import io.github.lockspring.interceptor.AsyncResults;
import io.github.lockspring.kotlin.FlowResults;
import io.github.lockspring.kotlin.SuspendingResults;
import java.util.ArrayList;
import java.util.List;
import org.springframework.context.annotation.AdviceMode;
import org.springframework.util.ClassUtils;

/** What holds the locks of Kotlin's functions, as far as the class path has what they need. */
final class LockCoroutines {

    private static final boolean FLOWS = isPresent("kotlinx.coroutines.flow.Flow");

    /** What Spring calls suspending functions with. */
    private static final boolean SUSPENDING =
            FLOWS && isPresent("kotlinx.coroutines.reactor.MonoKt") && isPresent("kotlin.reflect.full.KClasses");

    private LockCoroutines() {}

    /** A woven suspending function would be locked each time it continues, since it is called for that. */
    static List<AsyncResults> results(DistributedLockProperties properties) {
        List<AsyncResults> results = new ArrayList<>();
        if (SUSPENDING && properties.adviceMode() == AdviceMode.PROXY) {
            results.add(new SuspendingResults());
        }
        if (FLOWS) {
            results.add(new FlowResults());
        }
        return results;
    }

    private static boolean isPresent(String name) {
        return ClassUtils.isPresent(name, LockCoroutines.class.getClassLoader());
    }
}
