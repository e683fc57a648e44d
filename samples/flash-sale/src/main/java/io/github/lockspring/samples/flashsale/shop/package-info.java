/** The shop: what the application itself consists of, and the part to learn from. */
@NullMarked
package io.github.lockspring.samples.flashsale.shop;

import org.jspecify.annotations.NullMarked;
