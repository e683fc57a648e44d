/** Observations of locks as spans, by a tracer that Spring Boot configures. */
package io.github.lockspring.observation;
