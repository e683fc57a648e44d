package io.github.lockspring.kotlin

import io.github.lockspring.LockContext
import io.github.lockspring.LockLease
import io.github.lockspring.LockOptions
import java.util.concurrent.ConcurrentHashMap
import kotlin.coroutines.AbstractCoroutineContextElement
import kotlin.coroutines.CoroutineContext
import kotlinx.coroutines.ThreadContextElement
import org.springframework.util.ClassUtils

/**
 * Binds a lease to each thread that the coroutine runs on, for as long as it runs there. Each lease has a key of its own:
 * a coroutine runs under all of them, and the one that was added last is the innermost. A lease that was closed no longer
 * counts, for a coroutine that outlives it; one that was lost does, so that code can find out.
 */
internal class LeaseElement(private val lease: LockLease) :
    AbstractCoroutineContextElement(Key()), ThreadContextElement<LockContext.Scope?> {

    private class Key : CoroutineContext.Key<LeaseElement>

    private val bound: MutableSet<LockContext.Scope> = ConcurrentHashMap.newKeySet()

    @Volatile
    private var ended = false

    override fun updateThreadContext(context: CoroutineContext): LockContext.Scope? {
        if (!isOpen()) {
            return null
        }
        val scope = LockContext.bind(lease)
        bound += scope
        if (ended) {
            scope.close()
        }
        return scope
    }

    override fun restoreThreadContext(context: CoroutineContext, oldState: LockContext.Scope?) {
        if (oldState != null) {
            bound -= oldState
            oldState.close()
        }
    }

    /**
     * Ends the work under the lease. A coroutine that continues another one in place, without its dispatcher, leaves
     * bound what that has bound.
     */
    fun end() {
        ended = true
        bound.forEach { it.close() }
    }

    private fun isOpen() = !ended && (lease.isHeld || lease.isLost)

    /** This, and the lease where pipelines find it. */
    fun with(outer: CoroutineContext): CoroutineContext = if (REACTOR) this + ReactorLeases.with(outer, lease) else this

    internal companion object {

        private val REACTOR =
            ClassUtils.isPresent("kotlinx.coroutines.reactor.ReactorContext", LeaseElement::class.java.classLoader)

        /** The options, with the lease that a coroutine has of this lock, to re-enter it. */
        fun reentering(context: CoroutineContext, options: LockOptions): LockOptions {
            if (options.within() != null) {
                return options
            }
            val name = options.lockName().fullName()
            val own = context.fold<LockLease?>(null) { found, element ->
                if (element is LeaseElement && element.isOpen() && element.lease.fullName() == name) element.lease else found
            }
            val outer = own ?: if (REACTOR) ReactorLeases.find(context, options) else null
            return if (outer != null) options.within(outer) else options
        }
    }
}
