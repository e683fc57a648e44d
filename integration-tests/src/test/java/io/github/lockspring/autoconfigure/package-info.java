/** The auto-configuration in application contexts, on every Boot line. */
@NullMarked
package io.github.lockspring.autoconfigure;

import org.jspecify.annotations.NullMarked;
