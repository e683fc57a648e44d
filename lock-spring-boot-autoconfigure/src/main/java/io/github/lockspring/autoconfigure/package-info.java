/** Ties stores, engine and annotation to a Spring Boot application: beans, properties, life cycle, failure analyzers. */
@NullMarked
package io.github.lockspring.autoconfigure;

import org.jspecify.annotations.NullMarked;
