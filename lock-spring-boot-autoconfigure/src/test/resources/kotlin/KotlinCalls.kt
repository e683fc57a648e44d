package io.github.lockspring.kotlin

import io.github.lockspring.LockContext
import io.github.lockspring.LockHolder
import io.github.lockspring.LockLease
import io.github.lockspring.LockOperations
import io.github.lockspring.LockOptions
import java.time.Duration
import java.util.concurrent.CompletionStage

/** How an application in Kotlin calls the locks. No type argument is named, and null is seen as what it is. */
class KotlinCalls(private val locks: LockOperations) {

    private val order: LockOptions = LockOptions.named("order").key(42).waitTime(Duration.ofSeconds(1))

    private val done = mutableListOf<String>()

    fun callAll(): List<String> {
        locks.execute("order") { done.add("by name") }
        locks.execute(order) { lease -> done.add(lease.name()) }
        locks.execute(order) { done.add(it.key() ?: "no key") }
        val number: Int = locks.execute(order) { 7 }
        val nothing: String? = locks.execute("order") { null }
        locks.executeWithoutResult(order) { lease -> lease.ensureHeld() }
        locks.executeWithoutResult("order") { done.add("without result") }
        done.add("$number $nothing")
        return done
    }

    fun acquireAll(): List<LockLease?> {
        locks.acquire(order).use { lease -> done.add(lease.fullName()) }
        val free: LockLease? = locks.tryAcquire(order).orElse(null)
        free?.close()
        val later: CompletionStage<LockLease> = locks.acquireAsync(order.waitForever())
        val holder: LockHolder? = locks.holder("order", 42).orElse(null)
        val remaining: Duration? = holder?.remaining()
        val inside: LockLease? = LockContext.current().orElse(null)
        done.add("$remaining $inside")
        return listOf(free, later.toCompletableFuture().join().also { it.close() })
    }
}
