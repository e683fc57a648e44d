/** The page: shows the figures of the sale in a browser, and passes on what its reader asks for. */
@NullMarked
package io.github.lockspring.samples.flashsale.page;

import org.jspecify.annotations.NullMarked;
