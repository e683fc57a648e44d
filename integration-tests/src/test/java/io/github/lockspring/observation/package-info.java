/** Metrics and observations with the registries of Spring Boot, and the alerts and the dashboard that are made of them. */
@NullMarked
package io.github.lockspring.observation;

import org.jspecify.annotations.NullMarked;
