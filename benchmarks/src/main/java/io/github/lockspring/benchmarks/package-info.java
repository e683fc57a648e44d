/** This lock and its peers, measured side by side. */
@NullMarked
package io.github.lockspring.benchmarks;

import org.jspecify.annotations.NullMarked;
