package io.github.lockspring.annotation;

import java.lang.annotation.Documented;
import java.lang.annotation.ElementType;
import java.lang.annotation.Inherited;
import java.lang.annotation.Retention;
import java.lang.annotation.RetentionPolicy;
import java.lang.annotation.Target;
import org.springframework.aot.hint.annotation.Reflective;
import org.springframework.core.annotation.AliasFor;

/**
 * Runs a method of a bean under a lock: at most one thread of all processes that share the store executes it at a time,
 * or one per {@link #key()}. The lock is acquired before and released after the method, outside of its transaction. If
 * somebody else has it for longer than the wait time, the call fails with
 * {@link io.github.lockspring.LockNotAcquiredException} and the body does not run.
 *
 * <p>Found, as Spring finds its own annotations, on the method, on a method it overrides or implements, on the class or
 * one of its super types, and as meta-annotation, with {@link AliasFor}. The nearest one counts; a method takes
 * precedence over a class. On a type it means the methods declared there and in its subtypes, private and static ones
 * and those of {@link Object} excepted; a method that an annotated class inherits from a super class without annotation
 * is not meant. A method that no class declares counts as declared by the class of the bean: a default method, or one of
 * a bean that is generated from an interface, such as a repository. Where a super class implements a method of an
 * interface that only the class of the bean knows, and neither that method nor the super class is annotated, the method
 * of the interface counts, or else the interface.
 *
 * <p>What is not locked: a call from within the same object ({@code this.method()}), since it does not pass the proxy.
 * Call another bean, or use {@link io.github.lockspring.LockOperations}. On a {@code @Bean} method it locks the creation
 * of the bean, not its methods.
 *
 * <p>Methods whose declared result goes on after the return, when the lock is released, are refused: futures, publishers,
 * Kotlin's {@code suspend}, {@code Callable}, {@code Supplier}, streams, iterators, and what Spring MVC writes later. That,
 * and whatever else is wrong with an annotation, is reported at start-up or, as far as the class does not tell, when the
 * bean is created. A result that turns out at the call to be a future that is not done, or a publisher, ends the call with
 * {@link io.github.lockspring.LockException}; with a {@link java.util.concurrent.CompletionStage} the lock is kept until
 * that is done. Other code that is returned and may run later is passed on, and told once per method in the log.
 *
 * <p>{@code ${...}} is resolved in every attribute.
 *
 * @since 0.1
 */
@Target({ElementType.TYPE, ElementType.METHOD})
@Retention(RetentionPolicy.RUNTIME)
@Inherited
@Documented
@Reflective
public @interface DistributedLock {

    /**
     * Alias of {@link #name()}.
     *
     * @return the name
     */
    @AliasFor("name")
    String value() default "";

    /**
     * Static, low-cardinality name of the lock: what metrics and per-name properties speak of. Methods with the same
     * name and key share a lock, across classes and applications. Not an expression: what varies is the {@link #key()}.
     * By default the fully qualified name of the bean's class and the method, {@code com.acme.OrderService.place};
     * overloads have to be named.
     *
     * @return the name
     */
    @AliasFor("value")
    String name() default "";

    /**
     * What varies: SpEL expressions, each a part of one key. Parameters are {@code #order}, {@code #p0} or {@code #a0},
     * the call is {@code #root.method}, {@code #root.target} and {@code #root.args}, beans are {@code @bean}.
     *
     * <p>Parts, and operands of {@code +}, are text, numbers, booleans, enums, UUID, {@code java.time},
     * {@link java.util.Date} (by its instant), records of these, other types with a {@code toString()} and an
     * {@code equals} of their own, and what a {@code Converter<T, String>} of the application makes text of. Null, blank
     * text, containers, entities, proxies and mutable holders are refused with
     * {@link io.github.lockspring.LockKeyException}; what the declared types show is refused when the bean is created.
     *
     * @return the expressions; none for one lock for the name
     */
    String[] key() default {};

    /**
     * Longest waiting for others, such as {@code "5s"}, {@code "PT5S"} or {@code "forever"}; a number without unit is
     * milliseconds, zero tries once. A property for the name of this lock takes precedence.
     *
     * @return the wait time; from the properties if empty
     */
    String waitTime() default "";

    /**
     * Time to live in the store: how long a crashed process keeps others out. Such as {@code "30s"} or {@code "PT30S"},
     * at least a second. A property for the name of this lock takes precedence.
     *
     * @return the lease time; from the properties if empty
     */
    String leaseTime() default "";

    /**
     * Whether the lease is kept alive while the method runs, {@code "true"} or {@code "false"}. Without renewal, a
     * method that runs for longer than its lease loses the lock and ends with
     * {@link io.github.lockspring.LeaseLostException}. A property for the name of this lock takes precedence.
     *
     * @return whether to renew; from the properties if empty, where renewal is on by default
     */
    String renew() default "";
}
