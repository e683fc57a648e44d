package io.github.lockspring.aspectj;

import io.github.lockspring.annotation.DistributedLock;
import java.io.IOException;
import java.lang.annotation.Annotation;
import java.lang.annotation.Retention;
import java.lang.annotation.RetentionPolicy;
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
