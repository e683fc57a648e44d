/**
 * The SPI of the distributed lock: what a lock store implements. Applications need none of it; they meet the API in the
 * package above. {@link io.github.lockspring.store.LockStore} says what a tenure is, which an engine asks a store for;
 * the other types are what it asks, what the store answers, and what the store can do beyond the minimum.
 *
 * <p>What engine and stores share is here as well: how threads are made, how failures of stages are unwrapped, how code
 * is run whose failure must end nothing else. No store is in this package, nor anything that only one store or only the
 * engine needs. It imports the package above, and no technology.
 */
@NullMarked
package io.github.lockspring.store;

import org.jspecify.annotations.NullMarked;
