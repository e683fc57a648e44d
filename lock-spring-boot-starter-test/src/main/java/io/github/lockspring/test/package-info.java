/**
 * Test support for applications: {@link io.github.lockspring.test.AutoConfigureTestLocks} has the locks of a test kept in
 * a store in memory, which the test controls by {@link io.github.lockspring.test.TestLocks}. What has become of each
 * call is recorded, and asserted by {@link io.github.lockspring.test.LocksAssert}.
 *
 * <p>This package uses the API, the SPI of stores and Spring's test framework, and nothing of {@code .engine}: what a test
 * brings about reaches the engine the way that it does with any other store.
 */
@NullMarked
package io.github.lockspring.test;

import org.jspecify.annotations.NullMarked;
