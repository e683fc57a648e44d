/** Gives tests a Redis, servers of their own to break, and means to look inside. */
@NullMarked
package io.github.lockspring.testredis;

import org.jspecify.annotations.NullMarked;
