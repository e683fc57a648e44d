package io.github.lockspring.kotlin

import io.github.lockspring.LockException
import io.github.lockspring.LockLease
import io.github.lockspring.LockOptions
import io.github.lockspring.interceptor.AsyncCall
import io.github.lockspring.interceptor.AsyncLocks
import io.github.lockspring.interceptor.AsyncResults
import java.lang.reflect.Method
import kotlinx.coroutines.currentCoroutineContext
import kotlinx.coroutines.flow.Flow
import kotlinx.coroutines.flow.FlowCollector
import kotlinx.coroutines.flow.SharedFlow
import kotlinx.coroutines.flow.emitAll
import kotlinx.coroutines.flow.emptyFlow
import kotlinx.coroutines.flow.flow
import kotlinx.coroutines.flow.flowOn
import kotlinx.coroutines.withContext

/**
 * Holds the locks of functions that return a [Flow], from the begin of each collection to its end. The function is called
 * for each collection, under the lock. What it emits is passed on one by one, nothing is buffered. Thread-safe.
 *
 * @since 0.1
 */
public class FlowResults : AsyncResults {

    override fun supports(method: Method, returnType: Class<*>): Boolean = returnType == Flow::class.java

    override fun invoke(call: AsyncCall): Any = flow { collect(call) }

    private suspend fun FlowCollector<Any?>.collect(call: AsyncCall) {
        if (!call.applies()) {
            return emitAll(flowOf(call.proceed(null)))
        }
        val lock =
            try {
                CoroutineLock.acquire(call.locks().operations(), call.options())
            } catch (failure: LockException) {
                if (!AsyncCall.isOfAcquisition(failure)) throw failure
                return emitAll(flowOf(call.answer(failure)))
            }
        emitAll(lock) { call.proceed(lock.lease) }
    }

    /** The lease is in the context of the function and its flow, not in that of what collects it. */
    private suspend fun FlowCollector<Any?>.emitAll(lock: CoroutineLock, work: () -> Any?) {
        lock.ending {
            val context = LeaseElement.context(coroutineContext, lock.lease)
            emitAll(withContext(context) { flowOf(work()) }.flowOn(context))
        }
    }

    override fun goOn(
        result: Any,
        returnType: Class<*>,
        locks: AsyncLocks,
        options: LockOptions,
        lease: LockLease,
    ): Any? {
        if (result !is Flow<*> || result is SharedFlow<*> || !returnType.isAssignableFrom(Flow::class.java)) {
            return null
        }
        return flow { emitAll(CoroutineLock.acquire(locks.operations(), options)) { result } }
    }

    private companion object {

        @Suppress("UNCHECKED_CAST")
        private fun flowOf(result: Any?): Flow<Any?> = result as Flow<Any?>? ?: emptyFlow()
    }
}
