/**
 * The annotation that locks a method, and nothing else: it is read and checked in {@code .interceptor}, and carried out
 * by the operations in the parent package.
 *
 * @serial exclude
 */
@NullMarked
package io.github.lockspring.annotation;

import org.jspecify.annotations.NullMarked;
