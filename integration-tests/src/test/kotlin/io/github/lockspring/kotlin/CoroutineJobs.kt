package io.github.lockspring.kotlin

import io.github.lockspring.annotation.DistributedLock
import io.github.lockspring.annotation.OnContention
import java.util.concurrent.CompletableFuture
import kotlinx.coroutines.Dispatchers
import kotlinx.coroutines.flow.Flow
import kotlinx.coroutines.flow.flow
import kotlinx.coroutines.future.await
import kotlinx.coroutines.reactive.asPublisher
import kotlinx.coroutines.reactor.mono
import org.reactivestreams.Publisher

/** Suspending functions that wait for their work; code in Java has each call as a publisher. */
open class SuspendingJob {

    @DistributedLock(name = "job", key = ["#id"])
    open suspend fun run(id: String, work: CompletableFuture<String>): String = work.await()

    @DistributedLock(name = "job", key = ["#id"], waitTime = "0s", onContention = OnContention.SKIP)
    open suspend fun runOrSkip(id: String, work: CompletableFuture<String>): String? = work.await()

    companion object {

        // no dispatcher: the lock is asked for by the subscription, before it returns

        @JvmStatic
        fun start(job: SuspendingJob, id: String, work: CompletableFuture<String>): Publisher<String> =
            mono(Dispatchers.Unconfined) { job.run(id, work) }

        @JvmStatic
        fun startOrSkip(job: SuspendingJob, id: String, work: CompletableFuture<String>): Publisher<String> =
            mono(Dispatchers.Unconfined) { job.runOrSkip(id, work) }
    }
}

/** Functions that return a flow of what their work results in. */
open class FlowJob {

    @DistributedLock(name = "job", key = ["#id"])
    open fun run(id: String, work: CompletableFuture<String>): Flow<String> = flow { emit(work.await()) }

    @DistributedLock(name = "job", key = ["#id"], waitTime = "0s", onContention = OnContention.SKIP)
    open fun runOrSkip(id: String, work: CompletableFuture<String>): Flow<String> = flow { emit(work.await()) }

    companion object {

        @JvmStatic
        fun start(job: FlowJob, id: String, work: CompletableFuture<String>): Publisher<String> =
            job.run(id, work).asPublisher()

        @JvmStatic
        fun startOrSkip(job: FlowJob, id: String, work: CompletableFuture<String>): Publisher<String> =
            job.runOrSkip(id, work).asPublisher()
    }
}
