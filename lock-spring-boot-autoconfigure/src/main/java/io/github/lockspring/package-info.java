/**
 * The API of the distributed lock: what applications call. Operations and their template, options, settings, the name
 * and key of a lock, leases, the leases that a thread runs under, and the exceptions. Rules for every store are here,
 * too: which values can be a key, how name and key become the full name, and which setting takes precedence.
 *
 * <p>This package imports no other package of the library, and only the utilities of spring-core from Spring. It does
 * not know how a lock is acquired: that is behind {@link io.github.lockspring.LockEngine}, implemented in {@code
 * .engine}. The interfaces of a lock store are in {@code .store}, the annotation in {@code .annotation}. Types that
 * only one of the other packages needs do not belong here, because applications can compile against every public type.
 *
 * @serial exclude
 */
@NullMarked
package io.github.lockspring;

import org.jspecify.annotations.NullMarked;
