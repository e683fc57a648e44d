/**
 * The annotation that locks a method, and nothing else: what it says is read and checked in {@code .interceptor}, and
 * what it does is done by the operations in the package above.
 *
 * @serial exclude
 */
@NullMarked
package io.github.lockspring.annotation;

import org.jspecify.annotations.NullMarked;
