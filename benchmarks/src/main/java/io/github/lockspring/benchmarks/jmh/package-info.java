/** The pieces inside the process, measured by JMH. */
@NullMarked
package io.github.lockspring.benchmarks.jmh;

import org.jspecify.annotations.NullMarked;
