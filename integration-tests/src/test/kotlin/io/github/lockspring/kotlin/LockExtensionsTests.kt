package io.github.lockspring.kotlin

import io.github.lockspring.LeaseLostException
import io.github.lockspring.LockContext
import io.github.lockspring.LockNotAcquiredException
import io.github.lockspring.LockOperations
import io.github.lockspring.LockOptions
import io.github.lockspring.autoconfigure.LockContextRunners
import io.github.lockspring.reactive.ReactiveLockContext
import java.io.IOException
import java.time.Duration
import java.util.concurrent.atomic.AtomicInteger
import kotlin.time.Duration.Companion.milliseconds
import kotlinx.coroutines.CompletableDeferred
import kotlinx.coroutines.CoroutineScope
import kotlinx.coroutines.Dispatchers
import kotlinx.coroutines.NonCancellable
import kotlinx.coroutines.TimeoutCancellationException
import kotlinx.coroutines.async
import kotlinx.coroutines.awaitCancellation
import kotlinx.coroutines.cancelAndJoin
import kotlinx.coroutines.delay
import kotlinx.coroutines.launch
import kotlinx.coroutines.reactor.awaitSingle
import kotlinx.coroutines.runBlocking
import kotlinx.coroutines.withContext
import kotlinx.coroutines.withTimeout
import kotlinx.coroutines.yield
import org.assertj.core.api.Assertions.assertThat
import org.assertj.core.api.Assertions.assertThatExceptionOfType
import org.junit.jupiter.api.Tag
import org.junit.jupiter.api.Test

/** Locks around code in Kotlin. */
@Tag("outer-lines")
class LockExtensionsTests {

    private val impatient: LockOptions = ORDER.waitTime(Duration.ZERO)

    @Test
    fun runsBlockingWorkUnderALock() = run { locks ->
        assertThat(locks.withLock("order", "7") { it.fullName() + locks.isHeld() }).isEqualTo("order:7true")
        assertThat(locks.withLock("report") { lease -> lease.key() }).isNull()
        assertThat(locks.withLock(ORDER) { locks.withLock(impatient) { 7 } }).isEqualTo(7)
        assertThatExceptionOfType(IOException::class.java)
            .isThrownBy { locks.withLock(ORDER) { throw IOException("of the application") } }
        assertThat(locks.isHeld()).isFalse()
    }

    @Test
    fun runsSuspendingWorkUnderALock() = run { locks ->
        val seen = locks.withLockSuspending("order", "7") { lease ->
            delay(1.milliseconds)
            val here = LockContext.required().fullName()
            val elsewhere = withContext(Dispatchers.IO) { LockContext.required().fullName() }
            val pipeline = ReactiveLockContext.current().awaitSingle().fullName()
            listOf(lease.fullName(), here, elsewhere, pipeline, locks.isHeld())
        }
        assertThat(seen).containsExactly("order:7", "order:7", "order:7", "order:7", true)
        assertThat(locks.isHeld()).isFalse()
        assertThat(LockContext.current()).isEmpty

        assertThatExceptionOfType(IOException::class.java)
            .isThrownBy { inCoroutine { locks.withLockSuspending(ORDER) { yield(); throw IOException("failed") } } }
        assertThat(locks.isHeld()).isFalse()
    }

    @Test
    fun whatTheWorkLaunchesEndsBeforeTheLockIsReleased() = run { locks ->
        val end = CompletableDeferred<Unit>()
        val ended = AtomicInteger()
        val all = async {
            locks.withLockSuspending(ORDER) {
                launch {
                    end.await()
                    check(locks.withLock(impatient) { it.isHeld })
                    ended.incrementAndGet()
                }
                "returned"
            }
        }
        awaitThat { locks.isHeld() }
        end.complete(Unit)
        assertThat(all.await()).isEqualTo("returned")
        assertThat(ended).hasValue(1)
        assertThat(locks.isHeld()).isFalse()
    }

    @Test
    fun nestedWorkReEntersItsLocks() = run { locks ->
        val leases = locks.withLockSuspending("customer", 1) {
            locks.withLockSuspending(ORDER) {
                withContext(Dispatchers.IO) {
                    val outer = locks.withLock(LockOptions.named("customer").key(1).waitTime(Duration.ZERO)) { it }
                    val inner = locks.withLockSuspending(impatient) { LockContext.required() }
                    listOf(outer.fullName(), inner.fullName(), LockContext.required().fullName())
                }
            }
        }
        assertThat(leases).containsExactly("customer:1", "order:7", "order:7")
        assertThat(locks.isHeld()).isFalse()
    }

    @Test
    fun aLeaseIsCarriedIntoACoroutine() = run { locks ->
        val results = locks.withLock(ORDER) { lease ->
            val without = runBlocking(Dispatchers.IO) {
                runCatching { locks.withLockSuspending(impatient) { "inside" } }.exceptionOrNull()
            }
            val with = runBlocking(Dispatchers.IO + lease.asContextElement()) {
                locks.withLockSuspending(impatient) { LockContext.required().fullName() }
            }
            listOf(without is LockNotAcquiredException, with)
        }
        assertThat(results).containsExactly(true, "order:7")
    }

    @Test
    fun cancellingWhileItWaitsGivesUpThePlace() = run { locks ->
        val first = locks.acquireAsync(ORDER).toCompletableFuture().join()
        val ran = AtomicInteger()
        val waiting = launch { locks.withLockSuspending(ORDER) { ran.incrementAndGet() } }
        val second = launch { locks.withLockSuspending(ORDER) { ran.addAndGet(10) } }
        yield()
        waiting.cancelAndJoin()
        assertThat(first.isHeld).isTrue()

        first.close()
        second.join()
        assertThat(ran).hasValue(10)
        assertThat(locks.isHeld()).isFalse()
    }

    @Test
    fun cancellingWhileItRunsReleasesOnceTheWorkHasEnded() = run { locks ->
        val runs = CompletableDeferred<Unit>()
        val end = CompletableDeferred<Unit>()
        val running = launch {
            locks.withLockSuspending(ORDER) {
                try {
                    runs.complete(Unit)
                    awaitCancellation()
                } finally {
                    withContext(NonCancellable) { end.await() }
                }
            }
        }
        runs.await()
        running.cancel()
        yield()
        assertThat(locks.isHeld()).isTrue()

        end.complete(Unit)
        running.join()
        assertThat(locks.isHeld()).isFalse()
    }

    @Test
    fun aTimeLimitOrALostLeaseEndsTheWork() = run { locks ->
        assertThatExceptionOfType(TimeoutCancellationException::class.java).isThrownBy {
            inCoroutine { withTimeout(50.milliseconds) { locks.withLockSuspending(ORDER) { awaitCancellation() } } }
        }
        awaitThat { !locks.isHeld() }

        val brief = ORDER.leaseTime(Duration.ofSeconds(1)).renew(false)
        val cancelled = CompletableDeferred<Boolean>()
        assertThatExceptionOfType(LeaseLostException::class.java).isThrownBy {
            inCoroutine {
                locks.withLockSuspending(brief) { lease ->
                    try {
                        awaitCancellation()
                    } finally {
                        cancelled.complete(lease.isLost)
                    }
                }
            }
        }
        assertThat(cancelled.await()).isTrue()
        awaitThat { !locks.isHeld() }
    }

    @Test
    fun aLockThatIsNotAcquiredFailsTheCoroutine() = run { locks ->
        locks.acquireAsync(ORDER).toCompletableFuture().join().use { first ->
            assertThatExceptionOfType(LockNotAcquiredException::class.java)
                .isThrownBy { inCoroutine { locks.withLockSuspending(impatient) { error("must not run") } } }
            assertThat(first.isHeld).isTrue()
        }
    }

    private fun run(test: suspend CoroutineScope.(LockOperations) -> Unit) {
        LockContextRunners.memory().run { context ->
            inCoroutine { test(context.getBean(LockOperations::class.java)) }
        }
    }
}
