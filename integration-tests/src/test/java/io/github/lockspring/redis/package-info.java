/** The Redis store on real servers: the contract of all stores, and what only Redis can do to it. */
@NullMarked
package io.github.lockspring.redis;

import org.jspecify.annotations.NullMarked;
