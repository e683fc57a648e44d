/** One of two packages with a class of the same name. */
@NullMarked
package io.github.lockspring.autoconfigure.south;

import org.jspecify.annotations.NullMarked;
