package io.github.lockspring.kotlin

import io.github.lockspring.LockContext
import io.github.lockspring.LockFailureHandler
import io.github.lockspring.LockNotAcquiredException
import io.github.lockspring.LockOperations
import io.github.lockspring.ProxyKind
import io.github.lockspring.autoconfigure.LockContextRunners
import io.github.lockspring.reactive.ReactiveLockContext
import io.github.lockspring.reactive.ReactiveLockOperations
import java.util.concurrent.Executor
import java.util.function.Supplier
import kotlin.time.Duration.Companion.milliseconds
import kotlinx.coroutines.CompletableDeferred
import kotlinx.coroutines.CoroutineScope
import kotlinx.coroutines.DelicateCoroutinesApi
import kotlinx.coroutines.Dispatchers
import kotlinx.coroutines.GlobalScope
import kotlinx.coroutines.NonCancellable
import kotlinx.coroutines.asCoroutineDispatcher
import kotlinx.coroutines.async
import kotlinx.coroutines.awaitCancellation
import kotlinx.coroutines.cancelAndJoin
import kotlinx.coroutines.coroutineScope
import kotlinx.coroutines.delay
import kotlinx.coroutines.launch
import kotlinx.coroutines.reactor.awaitSingle
import kotlinx.coroutines.reactor.mono
import kotlinx.coroutines.withContext
import kotlinx.coroutines.yield
import org.assertj.core.api.Assertions.assertThat
import org.assertj.core.api.Assertions.assertThatExceptionOfType
import org.junit.jupiter.api.Tag
import org.junit.jupiter.params.ParameterizedTest
import org.junit.jupiter.params.provider.EnumSource
import org.springframework.boot.test.context.runner.ApplicationContextRunner
import org.springframework.context.ApplicationContext

/** Suspending functions: the lock is held until their coroutine has ended, and no thread waits for it. */
@Tag("outer-lines")
class LockedSuspendTests {

    @ParameterizedTest
    @EnumSource
    fun holdsTheLockUntilTheCoroutineHasEnded(kind: ProxyKind) = run(kind) { orders, locks ->
        val result = orders.change("7") {
            check(locks.isHeld())
            delay(1.milliseconds)
            withContext(Dispatchers.IO) { check(locks.isHeld()) }
            "changed"
        }
        assertThat(result).isEqualTo("changed")
        assertThat(locks.isHeld()).isFalse()

        orders.nothing("7") { yield() }
        assertThat(locks.isHeld()).isFalse()

        assertThatExceptionOfType(IllegalStateException::class.java)
            .isThrownBy { inCoroutine { orders.change("7") { yield(); error("of the application") } } }
            .withMessage("of the application")
        assertThat(locks.isHeld()).isFalse()
    }

    @ParameterizedTest
    @EnumSource
    fun theLeaseIsOnEachThreadOfTheCoroutine(kind: ProxyKind) = run(kind) { orders, _ ->
        val seen = mutableListOf<String>()
        orders.change("7") {
            seen += LockContext.required().fullName()
            delay(1.milliseconds)
            seen += LockContext.required().fullName()
            withContext(Dispatchers.IO) { seen += LockContext.required().fullName() }
            coroutineScope { launch(Dispatchers.Default) { seen += LockContext.required().fullName() } }
            seen += ReactiveLockContext.current().awaitSingle().fullName()
            "changed"
        }
        assertThat(seen).hasSize(5).containsOnly("order:7")
        assertThat(LockContext.current()).isEmpty
        withContext(Dispatchers.IO) { assertThat(LockContext.current()).isEmpty }
    }

    @ParameterizedTest
    @EnumSource
    fun theLockIsReEnteredFromTheCoroutineAndItsChildren(kind: ProxyKind) = run(kind) { orders, _ ->
        val results = orders.change("7") {
            val again = orders.change("7") { withContext(Dispatchers.IO) { orders.block("7") } }
            val child = coroutineScope { async(Dispatchers.Default) { orders.change("7") { "child" } }.await() }
            val pipeline = mono { orders.change("7") { "pipeline" } }.awaitSingle()
            listOf(again, child, pipeline, orders.block("7")).joinToString()
        }
        assertThat(results).isEqualTo("order:7, child, pipeline, order:7")
    }

    @OptIn(DelicateCoroutinesApi::class)
    @ParameterizedTest
    @EnumSource
    fun aCoroutineOfAnotherScopeDoesNotHaveTheLock(kind: ProxyKind) = run(kind) { orders, locks ->
        val goOn = CompletableDeferred<Unit>()
        val kept = CompletableDeferred<CoroutineScope>()
        orders.change("7") {
            val other = GlobalScope.async {
                val none = LockContext.current().isEmpty
                none && runCatching { orders.block("7") }.exceptionOrNull() is LockNotAcquiredException
            }
            assertThat(other.await()).isTrue()
            kept.complete(CoroutineScope(kotlin.coroutines.coroutineContext + NonCancellable))
            "changed"
        }
        val left = kept.await().async {
            goOn.await()
            LockContext.current().isEmpty && orders.change("7") { "${locks.isHeld()}" } == "true"
        }
        goOn.complete(Unit)
        assertThat(left.await()).isTrue()
    }

    @ParameterizedTest
    @EnumSource
    fun aPipelineAndItsCoroutineShareTheLock(kind: ProxyKind) = run(kind) { orders, _, context ->
        val pipelines = context.getBean(ReactiveLockOperations::class.java)
        val result = pipelines.usingLock(ORDER) { mono { orders.change("7") { LockContext.required().fullName() } } }
        assertThat(result.awaitSingle()).isEqualTo("order:7")
    }

    @ParameterizedTest
    @EnumSource
    fun cancellingWhileItRunsReleasesOnceTheBodyHasEnded(kind: ProxyKind) = run(kind) { orders, locks ->
        val runs = CompletableDeferred<Unit>()
        val cleansUp = CompletableDeferred<Unit>()
        val end = CompletableDeferred<Unit>()
        val running = launch(Dispatchers.Default) {
            orders.change("7") {
                try {
                    runs.complete(Unit)
                    awaitCancellation()
                } finally {
                    withContext(NonCancellable) {
                        cleansUp.complete(Unit)
                        end.await()
                        check(LockContext.required().isHeld)
                    }
                }
            }
        }
        runs.await()
        assertThat(locks.isHeld()).isTrue()

        running.cancelAndJoin()
        cleansUp.await()
        assertThat(locks.isHeld()).isTrue()

        end.complete(Unit)
        awaitThat { !locks.isHeld() }
    }

    @ParameterizedTest
    @EnumSource
    fun contentionSkipsFallsBackOrFails(kind: ProxyKind) = run(kind) { orders, locks ->
        locks.acquireAsync(ORDER).toCompletableFuture().join().use { first ->
            assertThat(orders.skipped("7")).isNull()
            orders.skippedUnit("7")
            assertThat(orders.skippedOptional("7")).isEmpty
            assertThat(orders.replaced("7")).isEqualTo("instead of 7: 7, false")
            assertThat(orders.replacedPlainly("7")).isEqualTo(7)
            assertThatExceptionOfType(LockNotAcquiredException::class.java)
                .isThrownBy { inCoroutine { orders.refused("7") } }
            assertThat(first.isHeld).isTrue()
        }
        assertThat(orders.skipped("7")).isEqualTo("not skipped")
    }

    @ParameterizedTest
    @EnumSource
    fun aHandlerAnswersForContention(kind: ProxyKind) {
        val handler = LockFailureHandler { call, _ -> "handled " + call.arguments() }
        run(kind, runner(kind).withBean(LockFailureHandler::class.java, Supplier { handler })) { orders, locks, _ ->
            locks.acquireAsync(ORDER).toCompletableFuture().join().use { first ->
                assertThat(orders.refused("7")).isEqualTo("handled [7]")
                assertThat(first.isHeld).isTrue()
            }
        }
    }

    @ParameterizedTest
    @EnumSource
    fun expressionsSeeTheArgumentsAsTheyAreWritten(kind: ProxyKind) = run(kind) { orders, locks ->
        assertThat(orders.conditional("7", false, null)).isEqualTo("no lease")
        assertThat(orders.conditional("7", true, null)).isEqualTo("order:7, order:7")
        assertThat(orders.counted("7")).isEqualTo("order:1%3A7")

        val typed = "${SuspendingOrders::class.java.name}.typed"
        assertThat(orders.typed(OrderId("7"))).isEqualTo("$typed:7")
        locks.withLockSuspending(typed, "7") {
            withContext(Dispatchers.IO) {
                assertThat(inCoroutine { orders.typed(OrderId("7")) }).isEqualTo("busy: 7")
            }
        }
    }

    @ParameterizedTest
    @EnumSource
    fun theBodyRunsOnTheDispatcherOfTheCoroutine(kind: ProxyKind) = run(kind) { orders, _ ->
        withThreads("dispatcher of the application") { threads ->
            inCoroutine {
                withContext(threads.asCoroutineDispatcher()) {
                    orders.change("7") { delay(1.milliseconds); Thread.currentThread().name.substringBefore(" @") }
                }
            }.let { assertThat(it).isEqualTo("dispatcher of the application") }
        }
    }

    @ParameterizedTest
    @EnumSource
    fun theBodyOfACoroutineWithoutDispatcherBeginsOnTheExecutorOfTheApplication(kind: ProxyKind) {
        withThreads("executor of the application") { threads ->
            val runner = runner(kind).withBean("applicationTaskExecutor", Executor::class.java, Supplier { threads })
            run(kind, runner) { orders, locks, _ ->
                val first = locks.acquireAsync(ORDER).toCompletableFuture().join()
                val second = async(Dispatchers.Unconfined) {
                    orders.change("7") { Thread.currentThread().name.substringBefore(" @") }
                }
                first.close()
                assertThat(second.await()).isEqualTo("executor of the application")
            }
        }
    }

    private fun runner(kind: ProxyKind): ApplicationContextRunner =
        kind.`in`(LockContextRunners.memory()).withBean(SuspendingOrders::class.java)

    private fun run(kind: ProxyKind, test: suspend CoroutineScope.(Orders, LockOperations) -> Unit) =
        run(kind) { orders, locks, _ -> test(orders, locks) }

    private fun run(
        kind: ProxyKind,
        runner: ApplicationContextRunner = runner(kind),
        test: suspend CoroutineScope.(Orders, LockOperations, ApplicationContext) -> Unit,
    ) {
        runner.run { context ->
            val orders = kind.bean(context, Orders::class.java)
            inCoroutine { test(orders, context.getBean(LockOperations::class.java), context) }
        }
    }
}
