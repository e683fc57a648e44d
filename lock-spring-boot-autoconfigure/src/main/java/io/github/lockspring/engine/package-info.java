/** Runs locks inside one process: local queues, tenures and holds, renewal, polling. */
@NullMarked
package io.github.lockspring.engine;

import org.jspecify.annotations.NullMarked;
