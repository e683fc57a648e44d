/** One of two packages with a class of the same name. */
@NullMarked
package io.github.lockspring.autoconfigure.north;

import org.jspecify.annotations.NullMarked;
