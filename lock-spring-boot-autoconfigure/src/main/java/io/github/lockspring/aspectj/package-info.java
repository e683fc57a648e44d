/**
 * Locking for woven classes.
 *
 * @serial exclude
 */
@NullMarked
package io.github.lockspring.aspectj;

import org.jspecify.annotations.NullMarked;
