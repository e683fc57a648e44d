/** What must hold between processes: real JVMs over a real Redis, killed, cut off and watched from outside. */
@NullMarked
package io.github.lockspring.process;

import org.jspecify.annotations.NullMarked;
