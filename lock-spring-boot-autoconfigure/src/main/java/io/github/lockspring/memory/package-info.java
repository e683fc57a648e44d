/** Keeps locks in the memory of one process, with the contract that the Redis store has. */
@NullMarked
package io.github.lockspring.memory;

import org.jspecify.annotations.NullMarked;
