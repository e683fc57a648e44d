/** What starts the processes, has them measure in turns, and collects their figures. */
@NullMarked
package io.github.lockspring.benchmarks.runner;

import org.jspecify.annotations.NullMarked;
