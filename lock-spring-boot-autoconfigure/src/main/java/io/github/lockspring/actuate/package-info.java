/**
 * What Spring Boot's Actuator shows of locks, and lets an operator do with them: the endpoint {@code distributedlocks},
 * and the health of engines and their stores. Reads what engines say about themselves, and asks stores only where an
 * operator asks.
 *
 * <p>Endpoints have the same package in all lines of Spring Boot, health indicators do not: there is one class for each
 * line, and of these only one can be loaded.
 */
@NullMarked
package io.github.lockspring.actuate;

import org.jspecify.annotations.NullMarked;
