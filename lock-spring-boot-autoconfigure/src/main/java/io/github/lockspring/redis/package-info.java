/** Locks kept in Redis, over the application's own connection: one script per step of the protocol. */
@NullMarked
package io.github.lockspring.redis;

import org.jspecify.annotations.NullMarked;
