/** The customers: load on the shop of one process, and how that process talks with the show that started it. */
@NullMarked
package io.github.lockspring.samples.flashsale.load;

import org.jspecify.annotations.NullMarked;
