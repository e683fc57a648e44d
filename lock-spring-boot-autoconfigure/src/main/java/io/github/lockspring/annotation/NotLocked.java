package io.github.lockspring.annotation;

import java.lang.annotation.Documented;
import java.lang.annotation.ElementType;
import java.lang.annotation.Retention;
import java.lang.annotation.RetentionPolicy;
import java.lang.annotation.Target;

/**
 * Excludes a method from a {@link DistributedLock} that applies to its class, or to a method that it overrides. The
 * nearest annotation counts: a subclass that overrides the method locks it if it, or the method, has a {@code
 * DistributedLock} of its own.
 *
 * @since 0.1
 */
@Target(ElementType.METHOD)
@Retention(RetentionPolicy.RUNTIME)
@Documented
public @interface NotLocked {}
