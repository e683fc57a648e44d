/**
 * From an annotated method to a call under its lock: operation, operation source, advisor and interceptor, and the check
 * of all that at start-up.
 *
 * @serial exclude
 */
@NullMarked
package io.github.lockspring.interceptor;

import org.jspecify.annotations.NullMarked;
