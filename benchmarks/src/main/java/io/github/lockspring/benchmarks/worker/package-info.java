/** What runs in the processes that do the locking. */
@NullMarked
package io.github.lockspring.benchmarks.worker;

import org.jspecify.annotations.NullMarked;
