/**
 * The SPI of the distributed lock: what a lock store implements. Applications do not need it; they use the API in the
 * parent package. {@link io.github.lockspring.store.LockStore} explains what a tenure is; the other types are requests
 * to the store, its answers, and what a store can support beyond the minimum.
 *
 * <p>Code that engine and stores share is here as well: creating threads, unwrapping failures of stages, running tasks
 * whose failure must not affect other work. This package contains no store, and nothing that only one store or only the
 * engine needs. It imports the parent package, and no technology.
 */
@NullMarked
package io.github.lockspring.store;

import org.jspecify.annotations.NullMarked;
