/** Locks together with real transactions of a database, on every Boot line. */
@NullMarked
package io.github.lockspring.transaction;

import org.jspecify.annotations.NullMarked;
