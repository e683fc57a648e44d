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
 * another caller has it for longer than the wait time, the call fails with {@link
 * io.github.lockspring.LockNotAcquiredException} and the body does not run.
 *
 * <p>Found, as Spring finds its own annotations, on the method, on a method it overrides or implements, on the class or
 * one of its super types, and as meta-annotation, with {@link AliasFor}. The nearest one counts; a method takes
 * precedence over a class. On a type, it applies to the methods declared there and in its subtypes, except private and
 * static methods and those of {@link Object}; it does not apply to a method that an annotated class inherits from a
 * superclass without the annotation. A method that no class declares counts as declared by the class of the bean: a
 * default method, or a method of a bean that is generated from an interface, such as a repository. If a superclass
 * implements a method of an interface that only the class of the bean implements, and neither that method nor the
 * superclass is annotated, the annotation on the method of the interface counts, or else the one on the interface.
 *
 * <p>What is not locked: a call from within the same object ({@code this.method()}), because it does not go through the
 * proxy. Call another bean, or use {@link io.github.lockspring.LockOperations}. On a {@code @Bean} method it locks the
 * creation of the bean, not its methods.
 *
 * <p>The lock is held until an asynchronous result has completed, failed or been cancelled, and no thread waits for it:
 * futures, {@code Mono}, {@code Flux} and other reactive types, Kotlin's {@code suspend} and {@code Flow}, results that
 * Spring MVC handles asynchronously, and {@code @Async} methods. Methods whose declared result continues otherwise after
 * the return, when the lock is released, are refused: {@code Supplier}, streams, iterators and the like. This, and any
 * other problem of an annotation, is reported at start-up or, if the class alone does not show it, when the bean is
 * created. Where only the result of a call shows it, the call fails with {@link io.github.lockspring.LockException};
 * returned code that may run later is passed on, and logged once per method.
 *
 * <p>A parameter of type {@link io.github.lockspring.LockLease} gets the lease of the call: callers pass {@code null}, and
 * what they pass is replaced. It is {@code null} if the {@link #condition()} is false, in a {@link #fallback()}, and if
 * locking is off.
 *
 * <p>{@link NotLocked} excludes a method of an annotated class, or one that overrides an annotated method.
 *
 * <p>A call that does not get its lock is answered by the {@link #fallback()}, or else as {@link #onContention()} says,
 * or else by {@link io.github.lockspring.LockFailureHandler} beans, or else it throws. None of these answers for
 * exceptions of the body.
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
     * Static, low-cardinality name of the lock, which metrics and per-name properties refer to. Methods with the same
     * name and key share a lock, across classes and applications. Not an expression: the part that varies is the {@link
     * #key()}. By default the fully qualified name of the bean's class and the method, {@code
     * com.acme.OrderService.place}; overloads must have explicit names.
     *
     * @return the name
     */
    @AliasFor("value")
    String name() default "";

    /**
     * The part that varies: SpEL expressions, each one part of the key. Parameters are {@code #order}, {@code #p0} or
     * {@code #a0}, the call is {@code #root.method}, {@code #root.target} and {@code #root.args}, beans are {@code
     * @bean}.
     *
     * <p>Parts, and operands of {@code +}, are text, numbers, booleans, enums, UUID, {@code java.time}, {@link
     * java.util.Date} (by its instant), records of these, other types with a {@code toString()} and an {@code equals}
     * of their own, and types for which the application has a {@code Converter<T, String>}. Null, blank text,
     * containers, entities, proxies and mutable holders are refused with {@link io.github.lockspring.LockKeyException};
     * if the declared types already show that, the bean is refused when it is created.
     *
     * @return the expressions; none for one lock for the name, as is a single blank one of a composed annotation
     */
    String[] key() default {};

    /**
     * Longest time to wait for others, such as {@code "5s"}, {@code "PT5S"} or {@code "forever"}; a number without unit
     * is milliseconds, zero tries once. A property for the name of this lock takes precedence.
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

    /**
     * Keeps others out for at least this long from the acquisition on, such as {@code "50s"}, even if the method
     * returns earlier or the process ends: for scheduled jobs that must not run twice per tick. May be longer than the
     * lease time. Does not apply to a call that enters a hold again. A property for the name of this lock takes
     * precedence.
     *
     * @return the time to hold at least; none if empty
     */
    String holdAtLeast() default "";

    /**
     * Limits how long the method may hold the lock, such as {@code "10m"} or {@code "forever"}, in spite of renewal.
     * Then the lease is lost, and the call ends in {@link io.github.lockspring.LeaseLostException}. Not shorter than
     * the lease time and {@link #holdAtLeast()}. Does not apply to a call that enters a hold again. A property for the
     * name of this lock takes precedence.
     *
     * @return the maximum hold time; from the properties if empty, where there is no limit by default
     */
    String maxHoldTime() default "";

    /**
     * SpEL expression with a boolean result, evaluated before each call, with the same variables as {@link #key()}, and
     * before that. If it is false, the method runs without lock. Anything but a boolean is refused by the call, {@code
     * null} included: write {@code #order.urgent == true} if null means false.
     *
     * @return the condition; none if empty
     */
    String condition() default "";

    /**
     * Whether waiters of all processes are served in strict order of arrival. All methods that share a name must have
     * the same value.
     *
     * @return whether the lock is fair
     */
    boolean fair() default false;

    /**
     * Whether a call inside of a hold of the same lock enters it again. Otherwise it fails immediately, as if another
     * caller had the lock, so that {@link #onContention()} and {@link #fallback()} apply.
     *
     * @return whether to re-enter
     */
    boolean reentrant() default true;

    /**
     * What happens when another caller has the lock and the wait time is over. With {@link OnContention#SKIP} the wait
     * time is zero unless it is set, here or by a property for the name of this lock; a method with a primitive result
     * is refused.
     *
     * @return what happens
     */
    OnContention onContention() default OnContention.THROW;

    /**
     * Name of a method of the same class that is called instead when the lock is not acquired, with the same
     * parameters, and optionally the exception as the last one. It may be private, static or inherited, and must not be
     * locked itself. Its exceptions reach the caller unchanged. It is called past the proxy: the
     * transaction of the locked method does not include it. The type of that parameter decides what it answers for:
     * none, or {@link io.github.lockspring.LockNotAcquiredException}, only when another caller has the lock; {@link
     * io.github.lockspring.LockException} also when the store fails or the application shuts down. It is the only way
     * to go on without the lock. Takes precedence over {@link #onContention()}.
     *
     * @return the name of the method; none if empty
     */
    String fallback() default "";
}
