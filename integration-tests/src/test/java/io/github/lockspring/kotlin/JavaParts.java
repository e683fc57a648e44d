package io.github.lockspring.kotlin;

import io.github.lockspring.LockContext;
import io.github.lockspring.annotation.DistributedLock;
import io.github.lockspring.autoconfigure.LockContextRunners;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.atomic.AtomicReference;

/** An application in Java, which {@link KotlinClassPathTests} runs without the classes of Kotlin. */
public final class JavaParts {

    private JavaParts() {}

    /** The full name of the lease that an annotated method runs under. */
    public static String lease() {
        AtomicReference<String> lease = new AtomicReference<>("none");
        LockContextRunners.memory().withBean(Orders.class).run(context -> {
            Orders orders = context.getBean(Orders.class);
            lease.set(orders.change("7") + ", " + orders.later("8").join());
        });
        return lease.get();
    }

    /** Locked in two ways. */
    public static class Orders {

        /** Returns its lease. */
        @DistributedLock(name = "order", key = "#id")
        public Object change(String id) {
            return LockContext.required().fullName();
        }

        /** Returns its lease in a future. */
        @DistributedLock(name = "order", key = "#id")
        public CompletableFuture<Object> later(String id) {
            return CompletableFuture.completedFuture(LockContext.required().fullName());
        }
    }
}
