package io.github.lockspring.kotlin

import io.github.lockspring.LeaseLostException
import io.github.lockspring.LockLease
import io.github.lockspring.LockOperations
import io.github.lockspring.LockOptions
import java.util.concurrent.CompletableFuture
import java.util.concurrent.CompletionException
import kotlin.coroutines.CoroutineContext
import kotlin.coroutines.resume
import kotlin.coroutines.suspendCoroutine
import kotlinx.coroutines.CancellationException
import kotlinx.coroutines.CompletableDeferred
import kotlinx.coroutines.CoroutineScope
import kotlinx.coroutines.Job
import kotlinx.coroutines.NonCancellable
import kotlinx.coroutines.coroutineScope
import kotlinx.coroutines.currentCoroutineContext
import kotlinx.coroutines.isActive
import kotlinx.coroutines.job
import kotlinx.coroutines.withContext

/**
 * The lock of one coroutine: asynchronous work whose stage is completed by the end of what the coroutine does. The work is
 * begun by the executor of the application, which matters to coroutines that have no dispatcher of their own: they
 * continue on the thread that resumes them.
 */
internal class CoroutineLock private constructor(
    val lease: LockLease,
    /** Releases the lock. */
    private val end: CompletableFuture<Any?>,
    /** Completes once the lock is released, and fails as soon as the lease is lost, unless that is only logged. */
    private val result: CompletableFuture<Any?>,
) {

    private val element = LeaseElement(lease)

    /** What the context of the work under the lock has in addition to the one around it. */
    fun context(outer: CoroutineContext): CoroutineContext = element.with(outer)

    /** Runs work under the lock, and releases it. To be called once, immediately after the acquisition. */
    suspend fun <T> during(work: suspend CoroutineScope.() -> T): T = ending {
        withContext(context(coroutineContext)) { work() }
    }

    /** As [during], for work that adds the lease to a context of its own. */
    suspend fun <T> ending(work: suspend CoroutineScope.() -> T): T {
        val outcome = runCatching {
            coroutineScope {
                cancelWhenLost(coroutineContext.job)
                work()
            }
        }
        val failure = outcome.exceptionOrNull()
        val loss = release(failure)
        if (loss != null && (failure == null || failure is CancellationException && currentCoroutineContext().isActive)) {
            throw loss
        }
        if (loss != null && failure !is CancellationException) failure?.addSuppressed(loss)
        return outcome.getOrThrow()
    }

    private fun cancelWhenLost(job: Job) {
        result.whenComplete { _, failure ->
            if (failure is LeaseLostException) {
                job.cancel(CancellationException("The lease of lock '${lease.name()}' was lost", failure))
            }
        }
    }

    private suspend fun release(failure: Throwable?): LeaseLostException? = withContext(NonCancellable) {
        element.end()
        if (failure == null) end.complete(null) else end.completeExceptionally(failure)
        suspendCoroutine { waiting ->
            result.whenComplete { _, ended -> waiting.resume(ended as? LeaseLostException) }
        }
    }

    internal companion object {

        /** Acquires a lock; a coroutine that is cancelled in the meantime does not have it. */
        suspend fun acquire(locks: LockOperations, options: LockOptions): CoroutineLock {
            val end = CompletableFuture<Any?>()
            val granted = CompletableDeferred<LockLease>()
            val result = locks.executeAsync<Any?>(LeaseElement.reentering(currentCoroutineContext(), options)) { lease ->
                granted.complete(lease)
                end
            }.toCompletableFuture()
            result.whenComplete { _, failure ->
                if (failure != null) granted.completeExceptionally(causeOf(failure))
            }
            try {
                return CoroutineLock(granted.await(), end, result)
            } catch (ex: Throwable) {
                result.cancel(false)
                throw ex
            }
        }

        private fun causeOf(failure: Throwable) = (failure as? CompletionException)?.cause ?: failure
    }
}
