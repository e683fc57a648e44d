/** Pipelines on threads that must not be blocked, in JVMs that watch them. */
@NullMarked
package io.github.lockspring.reactive;

import org.jspecify.annotations.NullMarked;
