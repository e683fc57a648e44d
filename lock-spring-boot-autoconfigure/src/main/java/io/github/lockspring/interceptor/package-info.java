/**
 * From an annotated method to a call under its lock, as Spring's own annotations do it: operation, operation source,
 * pointcut, advisor, and an interceptor over {@link io.github.lockspring.interceptor.LockAspectSupport}, which the
 * aspect for woven classes uses, too.
 *
 * <ul>
 *   <li>The annotation: {@code LockDeclaration} finds it, {@code LockOperationParser} makes a {@code LockOperation} of
 *       it.
 *   <li>The key: {@code LockKeyEvaluator} evaluates its expressions, with {@code LockEvaluationContext},
 *       {@code LockKeyOperand} and {@code LockKeyConverters}.
 *   <li>The checks at start-up: {@code LockAnnotationValidator} and what it asks, one class for each kind of problem.
 *   <li>The result: {@code AsynchronousResults} refuses one whose work goes on after the return.
 *   <li>The proxy: {@code LockProxyRegistrar}, {@code EarlyProxies}, {@code ArgumentValidationPostProcessor}.
 * </ul>
 *
 * <p>Locks are acquired and released by the operations that are handed in: nothing here knows an engine, a store, or
 * Spring Boot. Which values can be a key is the rule of the API, not of this package. Beans are made of these classes
 * in {@code .autoconfigure}.
 *
 * @serial exclude
 */
@NullMarked
package io.github.lockspring.interceptor;

import org.jspecify.annotations.NullMarked;
