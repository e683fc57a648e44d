/** What the figures look like. */
@NullMarked
package io.github.lockspring.benchmarks.report;

import org.jspecify.annotations.NullMarked;
