/**
 * Locking for classes that AspectJ has woven: one aspect, over the same support that the interceptor of proxies uses.
 * AspectJ is needed here, and where {@code .autoconfigure} hands that support to the aspect. What a call does under its
 * lock, and what is checked at start-up, belongs in {@code .interceptor}.
 *
 * @serial exclude
 */
@NullMarked
package io.github.lockspring.aspectj;

import org.jspecify.annotations.NullMarked;
