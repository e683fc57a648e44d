/**
 * The annotation that locks a method.
 *
 * @serial exclude
 */
@NullMarked
package io.github.lockspring.annotation;

import org.jspecify.annotations.NullMarked;
