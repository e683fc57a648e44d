/** The application with its cached prices, and the part to learn from. */
@NullMarked
package io.github.lockspring.samples.cacherefresh.cache;

import org.jspecify.annotations.NullMarked;
