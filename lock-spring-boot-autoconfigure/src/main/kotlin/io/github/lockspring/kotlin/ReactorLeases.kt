package io.github.lockspring.kotlin

import io.github.lockspring.LockLease
import io.github.lockspring.LockOptions
import io.github.lockspring.reactive.ReactiveLockContext
import kotlin.coroutines.CoroutineContext
import kotlinx.coroutines.reactor.ReactorContext
import reactor.util.context.Context

/** The leases of pipelines, which coroutines carry where they can wait for one. Only loaded where that is on the class path. */
internal object ReactorLeases {

    fun with(outer: CoroutineContext, lease: LockLease): CoroutineContext =
        ReactorContext(ReactiveLockContext.with(outer[ReactorContext]?.context ?: Context.empty(), lease))

    fun find(context: CoroutineContext, options: LockOptions): LockLease? =
        context[ReactorContext]?.let { ReactiveLockContext.current(it.context, options) }?.takeIf { it.isPresent }?.get()
}
