/**
 * The API of the distributed lock: what applications call. What a lock store implements is in {@code .store}.
 *
 * @serial exclude
 */
@NullMarked
package io.github.lockspring;

import org.jspecify.annotations.NullMarked;
