/** Where the lock stands among what other annotations put around a method, on every Boot line. */
@NullMarked
package io.github.lockspring.order;

import org.jspecify.annotations.NullMarked;
