package io.github.lockspring.kotlin

import io.github.lockspring.LeaseLostException
import io.github.lockspring.LockContext
import io.github.lockspring.LockFailureHandler
import io.github.lockspring.LockName
import io.github.lockspring.LockNotAcquiredException
import io.github.lockspring.LockOperations
import io.github.lockspring.ProxyKind
import io.github.lockspring.autoconfigure.LockContextRunners
import java.time.Duration
import java.util.concurrent.Executor
import java.util.concurrent.atomic.AtomicInteger
import java.util.function.Supplier
import kotlin.time.Duration.Companion.milliseconds
import kotlinx.coroutines.CompletableDeferred
import kotlinx.coroutines.CoroutineScope
import kotlinx.coroutines.Dispatchers
import kotlinx.coroutines.async
import kotlinx.coroutines.awaitCancellation
import kotlinx.coroutines.cancelAndJoin
import kotlinx.coroutines.delay
import kotlinx.coroutines.flow.Flow
import kotlinx.coroutines.flow.first
import kotlinx.coroutines.flow.flow
import kotlinx.coroutines.flow.flowOf
import kotlinx.coroutines.flow.flowOn
import kotlinx.coroutines.flow.map
import kotlinx.coroutines.flow.take
import kotlinx.coroutines.flow.toList
import kotlinx.coroutines.launch
import kotlinx.coroutines.withContext
import kotlinx.coroutines.yield
import org.assertj.core.api.Assertions.assertThat
import org.assertj.core.api.Assertions.assertThatExceptionOfType
import org.junit.jupiter.api.Tag
import org.junit.jupiter.params.ParameterizedTest
import org.junit.jupiter.params.provider.EnumSource
import org.springframework.boot.test.context.runner.ApplicationContextRunner

/** Functions that return a flow: they are called under their lock for each collection. */
@Tag("outer-lines")
class LockedFlowTests {

    @ParameterizedTest
    @EnumSource
    fun eachCollectionHoldsTheLock(kind: ProxyKind) = run(kind) { orders, locks ->
        FlowOrders.CALLS.set(0)
        val held = mutableListOf<Boolean>()
        val rows = orders.rows("7", flow {
            emit("a")
            delay(1.milliseconds)
            held += locks.isHeld()
            emit("b")
        })
        assertThat(FlowOrders.CALLS).hasValue(0)

        repeat(2) {
            rows.collect { held += locks.isHeld() }
            assertThat(locks.isHeld()).isFalse()
        }
        assertThat(FlowOrders.CALLS).hasValue(2)
        assertThat(held).hasSize(6).containsOnly(true)
    }

    @ParameterizedTest
    @EnumSource
    fun theLeaseIsOnEachThreadOfTheFlow(kind: ProxyKind) = run(kind) { orders, _ ->
        val rows = flow {
            emit(LockContext.required().fullName())
            delay(1.milliseconds)
            emit(LockContext.required().fullName())
            emit(orders.rows("7", flowOf("again")).first())
        }
        assertThat(orders.rows("7", rows).toList()).containsExactly("order:7", "order:7", "again")
        assertThat(orders.rows("7", rows.flowOn(Dispatchers.IO)).toList()).containsExactly("order:7", "order:7", "again")
        orders.rows("7", rows).collect { yield() }
        assertThat(LockContext.current()).isEmpty
    }

    @ParameterizedTest
    @EnumSource
    fun theFlowKeepsItsLeaseThroughCollectorsThatSuspend(kind: ProxyKind) = run(kind) { orders, _ ->
        val rows = flow { repeat(3) { emit(LockContext.required().fullName()) } }
        for (dispatcher in listOf(Dispatchers.Unconfined, Dispatchers.Default)) {
            withContext(dispatcher) {
                val seen = mutableListOf<String>()
                orders.rows("7", rows).map { row -> row.also { yield() } }.collect { row ->
                    delay(1.milliseconds)
                    seen += row
                }
                assertThat(seen).hasSize(3).containsOnly("order:7")
            }
        }
    }

    @ParameterizedTest
    @EnumSource
    fun nothingIsEmittedAheadOfTheCollector(kind: ProxyKind) = run(kind) { orders, locks ->
        val emitted = AtomicInteger()
        val rows = flow { repeat(100) { emit("row " + emitted.incrementAndGet()) } }
        orders.rows("7", rows).take(3).collect { assertThat(it).isEqualTo("row " + emitted.get()) }
        assertThat(emitted).hasValue(3)
        assertThat(locks.isHeld()).isFalse()
    }

    @ParameterizedTest
    @EnumSource
    fun aFailureOfEitherSideEndsTheCollection(kind: ProxyKind) = run(kind) { orders, locks ->
        assertThatExceptionOfType(IllegalStateException::class.java)
            .isThrownBy { inCoroutine { orders.rows("7", flow { error("of the flow") }).toList() } }
            .withMessage("of the flow")
        assertThat(locks.isHeld()).isFalse()

        val refusal = LockNotAcquiredException(LockName.of("other"), Duration.ZERO, null)
        assertThatExceptionOfType(LockNotAcquiredException::class.java)
            .isThrownBy { inCoroutine { orders.replaced("7").collect { throw refusal } } }
            .isSameAs(refusal)
        assertThat(locks.isHeld()).isFalse()
    }

    @ParameterizedTest
    @EnumSource
    fun cancellingGivesUpThePlaceOrReleases(kind: ProxyKind) = run(kind) { orders, locks ->
        val runs = CompletableDeferred<Unit>()
        val ended = CompletableDeferred<Boolean>()
        val running = launch(Dispatchers.Default) {
            orders.rows("7", flow {
                try {
                    runs.complete(Unit)
                    awaitCancellation()
                } finally {
                    ended.complete(locks.isHeld())
                }
            }).collect {}
        }
        runs.await()
        val waiting = launch { orders.rows("7", flowOf("never")).collect { error("must not run") } }
        yield()
        waiting.cancelAndJoin()
        assertThat(locks.isHeld()).isTrue()

        running.cancelAndJoin()
        assertThat(ended.await()).isTrue()
        assertThat(locks.isHeld()).isFalse()
    }

    @ParameterizedTest
    @EnumSource
    fun aLostLeaseEndsACollectorThatSuspends(kind: ProxyKind) = run(kind) { orders, locks ->
        assertThatExceptionOfType(LeaseLostException::class.java)
            .isThrownBy { inCoroutine { orders.brief("7", flowOf("a")).collect { awaitCancellation() } } }
        awaitThat { !locks.isHeld() }
    }

    @ParameterizedTest
    @EnumSource
    fun contentionSkipsFallsBackOrFails(kind: ProxyKind) = run(kind) { orders, locks ->
        locks.acquireAsync(ORDER).toCompletableFuture().join().use { first ->
            assertThat(orders.skipped("7").toList()).isEmpty()
            assertThat(orders.replaced("7").toList()).containsExactly("instead of", "7")
            assertThatExceptionOfType(LockNotAcquiredException::class.java)
                .isThrownBy { inCoroutine { orders.refused("7").toList() } }
            assertThat(first.isHeld).isTrue()
        }
    }

    @ParameterizedTest
    @EnumSource
    fun aHandlerAnswersForContention(kind: ProxyKind) {
        val handler = LockFailureHandler { _, _ -> flowOf("handled") }
        run(kind, runner(kind).withBean(LockFailureHandler::class.java, Supplier { handler })) { orders, locks ->
            locks.acquireAsync(ORDER).toCompletableFuture().join().use { first ->
                assertThat(orders.refused("7").toList()).containsExactly("handled")
                assertThat(first.isHeld).isTrue()
            }
        }
    }

    @ParameterizedTest
    @EnumSource
    fun conditionAndLeaseAreThoseOfTheCollection(kind: ProxyKind) = run(kind) { orders, _ ->
        assertThat(orders.conditional("7", false, null).toList()).containsExactly("no lease")
        assertThat(orders.conditional("7", true, null).toList()).containsExactly("order:7")
    }

    @ParameterizedTest
    @EnumSource
    fun aFlowThatTheTypeDoesNotTellIsLockedToo(kind: ProxyKind) = run(kind) { orders, locks ->
        val rows = orders.untold("7", flow { emit(LockContext.required().fullName()) }) as Flow<*>
        assertThat(locks.isHeld()).isFalse()
        assertThat(rows.toList()).isEqualTo(listOf("order:7"))
        assertThat(locks.isHeld()).isFalse()
    }

    @ParameterizedTest
    @EnumSource
    fun aFlowWithoutDispatcherBeginsOnTheExecutorOfTheApplication(kind: ProxyKind) {
        withThreads("executor of the application") { threads ->
            val runner = runner(kind).withBean("applicationTaskExecutor", Executor::class.java, Supplier { threads })
            run(kind, runner) { orders, locks ->
                val first = locks.acquireAsync(ORDER).toCompletableFuture().join()
                val second = async(Dispatchers.Unconfined) {
                    orders.rows("7", flow { emit(Thread.currentThread().name.substringBefore(" @")) }).first()
                }
                first.close()
                assertThat(second.await()).isEqualTo("executor of the application")
            }
        }
    }

    private fun runner(kind: ProxyKind): ApplicationContextRunner =
        kind.`in`(LockContextRunners.memory()).withBean(FlowOrders::class.java)

    private fun run(
        kind: ProxyKind,
        runner: ApplicationContextRunner = runner(kind),
        test: suspend CoroutineScope.(Rows, LockOperations) -> Unit,
    ) {
        runner.run { context ->
            val orders = kind.bean(context, Rows::class.java)
            inCoroutine { test(orders, context.getBean(LockOperations::class.java)) }
        }
    }
}
