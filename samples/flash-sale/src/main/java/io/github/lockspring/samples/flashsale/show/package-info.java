/** The show: starts servers and processes, has them sell both ways, and compares. */
@NullMarked
package io.github.lockspring.samples.flashsale.show;

import org.jspecify.annotations.NullMarked;
