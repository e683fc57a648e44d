/** The locks that are measured, each used as its documentation recommends. */
@NullMarked
package io.github.lockspring.benchmarks.contender;

import org.jspecify.annotations.NullMarked;
