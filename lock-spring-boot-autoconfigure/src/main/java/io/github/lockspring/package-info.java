/**
 * The API of the distributed lock: what applications call. Operations and their template, options, settings, the name
 * and key of a lock, leases, the leases that a thread runs under, and the exceptions. What holds for every store is
 * here, too: which values can be a key, how name and key become the full name, and which setting takes precedence.
 *
 * <p>This package imports no other package of the library, and of Spring the utilities of spring-core only. It does not
 * know how a lock is acquired: that is behind {@link io.github.lockspring.LockEngine}, implemented in {@code .engine}.
 * What a lock store implements is in {@code .store}, the annotation in {@code .annotation}. What only one of the other
 * packages needs does not belong here: every public type is one that applications can compile against.
 *
 * @serial exclude
 */
@NullMarked
package io.github.lockspring;

import org.jspecify.annotations.NullMarked;
