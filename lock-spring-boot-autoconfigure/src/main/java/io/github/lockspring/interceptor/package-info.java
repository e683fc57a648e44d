/**
 * From an annotated method to a call under its lock, as Spring's own annotations do it: operation, operation source,
 * pointcut, advisor, and an interceptor over {@link io.github.lockspring.interceptor.LockAspectSupport}, which the
 * aspect for woven classes uses, too.
 *
 * <ul>
 *   <li>The annotation: {@code LockDeclaration} finds it, {@code LockOperationParser} turns it into a {@code
 *       LockOperation}, with a parser for times, one for expressions, and {@code FallbackSearch}.
 *   <li>The key: {@code LockKeyEvaluator} evaluates its expressions, with {@code LockEvaluationContext},
 *       {@code LockKeyOperand} and {@code LockKeyConverters}.
 *   <li>The checks at start-up: {@code LockAnnotationValidator} and the checks that it uses, one class for each kind of
 * problem.
 *   <li>The call: {@code LockedCall} runs the body; {@code LockFailures} answers if it has not begun.
 *   <li>The result: {@link io.github.lockspring.interceptor.AsyncResults} hold the lock until the work is done, one class
 *       for each kind of results: futures here ({@code StageResults}), the others in the package of their technology; an
 *       {@link io.github.lockspring.interceptor.AsyncCall} is what they get of a call, {@link
 *       io.github.lockspring.interceptor.AsyncLocks} what they lock with. {@code AsynchronousResults} refuses a result
 *       whose work continues after the return in another way.
 *   <li>Asynchronous execution: {@code TaskLockInterceptor} stands in front of that of {@code @Async}. {@code AsyncTasks}
 *       acquires the lock of a task before its executor has it, {@code TaskSubmission} gives the task to the executor
 *       then, a {@code LockedTask} takes the lease to the thread of the executor, and a {@code TaskFuture} is what the
 *       caller gets. Where all of this runs, and with which values of the caller's thread, is said by {@link
 *       io.github.lockspring.LockTaskExecution}, which this package only uses.
 *   <li>The proxy: {@code LockProxyRegistrar}, {@code EarlyProxies}, {@code ArgumentValidationPostProcessor}, {@code AsyncExecutionPostProcessor}.
 * </ul>
 *
 * <p>Locks are acquired and released by the operations that are passed in: this package does not know an engine, a
 * store, or Spring Boot. The API decides which values can be a key, not this package. Beans of these classes are
 * created in {@code .autoconfigure}.
 *
 * @serial exclude
 */
@NullMarked
package io.github.lockspring.interceptor;

import org.jspecify.annotations.NullMarked;
