/**
 * API and SPI of the distributed lock: what applications call, and what a lock store implements.
 *
 * @serial exclude
 */
@NullMarked
package io.github.lockspring;

import org.jspecify.annotations.NullMarked;
