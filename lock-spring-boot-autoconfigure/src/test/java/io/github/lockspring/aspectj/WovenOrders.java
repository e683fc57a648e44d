package io.github.lockspring.aspectj;

import io.github.lockspring.LockContext;
import io.github.lockspring.LockException;
import io.github.lockspring.LockLease;
import io.github.lockspring.annotation.DistributedLock;
import io.github.lockspring.annotation.NotLocked;
import io.github.lockspring.annotation.OnContention;
import java.io.IOException;
import java.lang.annotation.Annotation;
import java.lang.annotation.Retention;
import java.lang.annotation.RetentionPolicy;
import java.time.Duration;
import java.time.Instant;
import java.util.Date;
import java.util.concurrent.FutureTask;
import java.util.function.Function;
import org.springframework.core.annotation.AliasFor;

/** Says of every way to annotate a method whether it runs under its lock. Used through {@link Function}. */
public class WovenOrders implements Function<String, Object> {

    @Override
    public Object apply(String method) {
        return switch (method) {
            case "own" -> own();
            case "meta" -> meta("7");
            case "final" -> finalMethod("7");
            case "private" -> privateMethod();
            case "static" -> staticMethod("7");
            case "class" -> new OfClass().call();
            case "inherited" -> new Heir().call();
            case "interface" -> new Implementation().call();
            case "later" -> later();
            case "joined" -> joined(null);
            case "dated" -> dated(Date.from(Instant.EPOCH));
            case "proxy" -> new OfClass$$SpringCGLIB$$0().callOfProxy();
            case "annotation" -> new OrderLockProxy().by();
            case "conditional" -> conditional(true) + ", " + conditional(false);
            case "skipped" -> skipped();
            case "fallback" -> fallback("7");
            case "staticFallback" -> staticFallback("7");
            case "handled" -> handled("7");
            case "lease" -> lease("7", null) != null;
            case "leaseOfStatic" -> leaseOfStatic(null, "7") != null;
            case "noLease" -> lease("none", null) != null;
            case "notLocked" -> new OfClass().notLocked();
            case "notLockedHeir" -> new Heir().free();
            case "nested" -> nested();
            case "strict" -> strict(1);
            case "timed" -> timed();
            case "free" -> "free";
            default -> throw new IllegalArgumentException(method);
        };
    }

    @DistributedLock
    Object own() {
        return "own";
    }

    @OrderLock(by = "#id")
    Object meta(String id) {
        return id;
    }

    @DistributedLock(name = "final", key = "#id")
    final Object finalMethod(String id) {
        return id;
    }

    @DistributedLock("private")
    private Object privateMethod() {
        return "private";
    }

    @DistributedLock(name = "static", key = "#id")
    static Object staticMethod(String id) {
        return id;
    }

    @DistributedLock("later")
    Object later() {
        return new FutureTask<>(() -> "later");
    }

    @DistributedLock(name = "joined", key = "'order:' + #id")
    Object joined(String id) {
        throw new AssertionError("must not run");
    }

    @DistributedLock(name = "dated", key = "#date")
    Object dated(Date date) {
        return date;
    }

    @DistributedLock(name = "conditional", condition = "#locked")
    Object conditional(boolean locked) {
        return locked;
    }

    @DistributedLock(name = "refused", onContention = OnContention.SKIP)
    Object skipped() {
        throw new AssertionError("must not run");
    }

    @DistributedLock(name = "refused", fallback = "instead")
    Object fallback(String id) {
        throw new AssertionError("must not run");
    }

    private Object instead(String id, LockException failure) {
        return "instead of " + id + " for " + failure.getLockName();
    }

    @DistributedLock(name = "refused", fallback = "insteadOfStatic")
    static Object staticFallback(String id) {
        throw new AssertionError("must not run");
    }

    private static Object insteadOfStatic(String id) {
        return "instead of static " + id;
    }

    @DistributedLock("refused")
    Object handled(String id) {
        throw new AssertionError("must not run");
    }

    @DistributedLock(name = "lease", condition = "#id == '7'")
    Object lease(String id, LockLease lease) {
        return lease;
    }

    @DistributedLock("lease")
    static Object leaseOfStatic(LockLease lease, String id) {
        return lease;
    }

    @DistributedLock(name = "outer", onContention = OnContention.SKIP)
    Object nested() {
        return handled("7");
    }

    @DistributedLock(name = "strict", reentrant = false, fallback = "refused")
    Object strict(int further) {
        return further > 0 ? "ran, " + strict(further - 1) : "ran again";
    }

    private Object refused(int further) {
        return "refused";
    }

    @DistributedLock(name = "timed", fair = true, leaseTime = "1m", holdAtLeast = "20m", maxHoldTime = "40m")
    Object timed() {
        return LockContext.required().extend(Duration.ofHours(1));
    }

    @DistributedLock(name = "failing")
    public Object fail() throws IOException {
        throw new IOException("expected");
    }

    @DistributedLock("order")
    @Retention(RetentionPolicy.RUNTIME)
    @interface OrderLock {

        @AliasFor(annotation = DistributedLock.class, attribute = "key")
        String by();
    }

    @DistributedLock("class")
    static class OfClass {

        Object call() {
            return helper();
        }

        private Object helper() {
            return "class";
        }

        @NotLocked
        Object notLocked() {
            return "not locked";
        }

        @NotLocked
        Object free() {
            return "not locked";
        }
    }

    /** What the JVM generates for the annotation. */
    @SuppressWarnings("BadAnnotationImplementation")
    static final class OrderLockProxy implements OrderLock {

        @Override
        public String by() {
            return "annotation";
        }

        @Override
        public Class<? extends Annotation> annotationType() {
            return OrderLock.class;
        }
    }

    static class Heir extends OfClass {

        @Override
        Object call() {
            return "inherited";
        }

        @Override
        Object free() {
            return "not locked in the heir";
        }
    }

    @DistributedLock("interface")
    interface Api {

        Object call();
    }

    static class Implementation implements Api {

        @Override
        public Object call() {
            return "interface";
        }
    }
}
