/** The show: starts Redis and processes, has them read in three ways, and compares. */
@NullMarked
package io.github.lockspring.samples.cacherefresh.show;

import org.jspecify.annotations.NullMarked;
