/**
 * Ties stores, engine and annotation to a Spring Boot application: auto-configurations with their conditions,
 * properties with their checks, the life cycle, messages at the start, failure analyzers, and hints for ahead-of-time
 * processing. May import every package of the library; none imports it.
 *
 * <p>This package creates beans of classes of the other packages. The behaviour of locks does not belong here, except
 * for an application that has disabled them ({@code PassThroughLockEngine}). Classes of Spring Boot whose packages
 * differ between its lines are known by name only, since one jar serves all lines; Redis and AspectJ occur in classes
 * that are loaded only where they are there.
 */
@NullMarked
package io.github.lockspring.autoconfigure;

import org.jspecify.annotations.NullMarked;
