/**
 * The SPI of the distributed lock: what a lock store implements. Applications need none of it; they meet the API in the
 * package above. An engine asks a store for tenures: a tenure is the time in which one process has a lock in the store,
 * under one owner and one lease, while several callers of that process may hold the lock one after the other.
 */
@NullMarked
package io.github.lockspring.store;

import org.jspecify.annotations.NullMarked;
