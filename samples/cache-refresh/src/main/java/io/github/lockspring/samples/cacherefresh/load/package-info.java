/** The readers: load on the cache from one process, and a count of what they saw. */
@NullMarked
package io.github.lockspring.samples.cacherefresh.load;

import org.jspecify.annotations.NullMarked;
