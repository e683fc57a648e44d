/** What the samples share: servers and processes that a show starts and ends, and how it tells what came of it. */
@NullMarked
package io.github.lockspring.samples.support;

import org.jspecify.annotations.NullMarked;
