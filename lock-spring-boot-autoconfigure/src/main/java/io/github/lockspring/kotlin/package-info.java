/**
 * Locks of Kotlin's coroutines: extensions for code, and the results of annotated functions. What belongs to one
 * coroutine is here; acquiring, holding and releasing are not, but in the engine.
 */
@NullMarked
package io.github.lockspring.kotlin;

import org.jspecify.annotations.NullMarked;
