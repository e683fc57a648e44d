package io.github.lockspring.kotlin

import io.github.lockspring.LockException
import io.github.lockspring.LockLease
import io.github.lockspring.LockOptions
import io.github.lockspring.interceptor.AsyncCall
import io.github.lockspring.interceptor.AsyncLocks
import io.github.lockspring.interceptor.AsyncResults
import java.lang.reflect.Method
import java.util.Optional
import kotlin.coroutines.AbstractCoroutineContextElement
import kotlin.coroutines.Continuation
import kotlin.coroutines.ContinuationInterceptor
import kotlin.coroutines.CoroutineContext
import kotlin.coroutines.intrinsics.suspendCoroutineUninterceptedOrReturn
import kotlin.reflect.KClass
import kotlin.reflect.jvm.kotlinFunction
import kotlinx.coroutines.Job
import kotlinx.coroutines.NonCancellable
import kotlinx.coroutines.ThreadContextElement
import kotlinx.coroutines.asCoroutineDispatcher
import kotlinx.coroutines.currentCoroutineContext
import kotlinx.coroutines.reactor.awaitSingleOrNull
import kotlinx.coroutines.reactor.mono
import kotlinx.coroutines.withContext
import org.springframework.core.KotlinDetector
import reactor.core.publisher.Mono

/**
 * Holds the locks of `suspend` functions until their coroutine has ended. Spring has advice of such a function return a
 * [Mono], which it subscribes to for the caller, and runs the function in a coroutine of its own whose context is that of
 * the last argument: the lease is added to that. Thread-safe.
 *
 * @since 0.1
 */
public class SuspendingResults : AsyncResults {

    override fun supports(method: Method, returnType: Class<*>): Boolean = KotlinDetector.isSuspendingFunction(method)

    override fun canSkip(method: Method): Boolean {
        val type = method.kotlinFunction?.returnType ?: return true
        return type.isMarkedNullable || type.classifier !is KClass<*> || type.classifier in EMPTY
    }

    override fun invoke(call: AsyncCall): Any {
        val context = continuationOf(call).context.minusKey(Job)
        val dispatched =
            if (context[ContinuationInterceptor] != null) context
            else context + call.locks().tasks().capture().asCoroutineDispatcher()
        return mono(dispatched) { run(call) }
    }

    private suspend fun run(call: AsyncCall): Any? {
        if (!call.applies()) {
            return proceed(call, null)
        }
        val options = call.options()
        val lock =
            try {
                CoroutineLock.acquire(call.locks().operations(), options)
            } catch (failure: LockException) {
                if (!AsyncCall.isOfAcquisition(failure)) throw failure
                return answer(call, options, failure)
            }
        return lock.during { proceed(call, lock.lease) }
    }

    /** Spring does not wait for the end of the body when the coroutine is cancelled: the lock is held until then. */
    private suspend fun proceed(call: AsyncCall, lease: LockLease?): Any? {
        val body = BodyJob()
        val result = call.proceed(lease, argumentsWith(call, ContextOnly(currentCoroutineContext() + body)))
        try {
            return if (result is Mono<*>) result.awaitSingleOrNull() else result
        } finally {
            body.awaitEnd()
        }
    }

    /** A fallback may suspend as well: it continues this coroutine. */
    private suspend fun answer(call: AsyncCall, options: LockOptions, failure: LockException): Any? =
        suspendCoroutineUninterceptedOrReturn { continuation ->
            call.answer(options, failure, argumentsWith(call, continuation))
        }

    override fun goOn(
        result: Any,
        returnType: Class<*>,
        locks: AsyncLocks,
        options: LockOptions,
        lease: LockLease,
    ): Any? = null

    /** What is left of a continuation that nothing resumes: Spring reads its context. */
    private class ContextOnly(override val context: CoroutineContext) : Continuation<Any?> {

        override fun resumeWith(result: Result<Any?>) = error("The coroutine of the function is resumed by Spring")
    }

    /** Finds the coroutine of a body: the first one that runs in its context. */
    private class BodyJob : AbstractCoroutineContextElement(Key), ThreadContextElement<Unit> {

        private companion object Key : CoroutineContext.Key<BodyJob>

        @Volatile
        private var job: Job? = null

        override fun updateThreadContext(context: CoroutineContext) {
            if (job == null) {
                job = context[Job]
            }
        }

        override fun restoreThreadContext(context: CoroutineContext, oldState: Unit) = Unit

        suspend fun awaitEnd() {
            val running = job
            if (running != null && !running.isCompleted) {
                withContext(NonCancellable) { running.join() }
            }
        }
    }

    private companion object {

        private val EMPTY: Set<KClass<*>> = setOf(Unit::class, Optional::class)

        private fun continuationOf(call: AsyncCall) = call.arguments().last() as Continuation<*>

        private fun argumentsWith(call: AsyncCall, continuation: Continuation<*>): Array<Any?> =
            call.arguments().also { it[it.lastIndex] = continuation }
    }
}
