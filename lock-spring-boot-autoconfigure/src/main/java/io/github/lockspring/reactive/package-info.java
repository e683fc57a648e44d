/**
 * Locks of Reactor's pipelines: operations for code, and the results of annotated methods. What belongs to one
 * subscription is here; acquiring, holding and releasing are not, but in the engine.
 */
@NullMarked
package io.github.lockspring.reactive;

import org.jspecify.annotations.NullMarked;
