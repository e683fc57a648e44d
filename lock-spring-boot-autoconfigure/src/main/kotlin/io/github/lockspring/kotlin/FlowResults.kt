package io.github.lockspring.kotlin

import io.github.lockspring.LockException
import io.github.lockspring.LockLease
import io.github.lockspring.LockOptions
import io.github.lockspring.interceptor.AsyncCall
import io.github.lockspring.interceptor.AsyncLocks
import io.github.lockspring.interceptor.AsyncResults
import java.lang.reflect.Method
import kotlin.coroutines.AbstractCoroutineContextElement
import kotlin.coroutines.CoroutineContext
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
        val options = call.options()
        val lock =
            try {
                CoroutineLock.acquire(call.locks().operations(), options)
            } catch (failure: LockException) {
                if (!AsyncCall.isOfAcquisition(failure)) throw failure
                return emitAll(flowOf(call.answer(options, failure)))
            }
        emitAll(lock) { call.proceed(lock.lease) }
    }

    /** The lease is in the context of the function and its flow, not in that of what collects it. */
    private suspend fun FlowCollector<Any?>.emitAll(lock: CoroutineLock, work: () -> Any?) {
        lock.ending {
            val context = lock.context(coroutineContext)
            emitAll(Restoring(withContext(context) { flowOf(work()) }).flowOn(context))
        }
    }

    /**
     * Has a flow go on in its own context after a collector that has suspended: [flowOn] would go on with what the
     * collector's context has bound to the thread. A block of [withContext] restores that of the code around it.
     */
    private class Restoring(private val rows: Flow<Any?>) : Flow<Any?> {

        override suspend fun collect(collector: FlowCollector<Any?>) =
            rows.collect { row -> withContext(Emission()) { collector.emit(row) } }
    }

    private class Emission : AbstractCoroutineContextElement(Key) {

        private companion object Key : CoroutineContext.Key<Emission>
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
