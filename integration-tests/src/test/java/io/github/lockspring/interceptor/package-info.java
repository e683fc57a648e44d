/** Annotated beans in application contexts, on every Boot line. */
@NullMarked
package io.github.lockspring.interceptor;

import org.jspecify.annotations.NullMarked;
