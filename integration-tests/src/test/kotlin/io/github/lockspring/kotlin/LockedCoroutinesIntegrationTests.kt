package io.github.lockspring.kotlin

import io.github.lockspring.LockContext
import io.github.lockspring.LockOperations
import io.github.lockspring.autoconfigure.LockContextRunners
import io.github.lockspring.testredis.TestRedis
import kotlin.time.Duration.Companion.milliseconds
import kotlinx.coroutines.CoroutineScope
import kotlinx.coroutines.CompletableDeferred
import kotlinx.coroutines.awaitCancellation
import kotlinx.coroutines.cancelAndJoin
import kotlinx.coroutines.delay
import kotlinx.coroutines.flow.flow
import kotlinx.coroutines.flow.toList
import kotlinx.coroutines.launch
import org.assertj.core.api.Assertions.assertThat
import org.junit.jupiter.api.Test
import org.springframework.context.ApplicationContext

/** Coroutines of two applications that share a Redis. */
class LockedCoroutinesIntegrationTests {

    private val prefix = TestRedis.newPrefix()

    @Test
    fun aSuspendingFunctionKeepsOthersOut() = inTwoApplications { here, there ->
        val work: suspend () -> String = {
            delay(1.milliseconds)
            "${there.getBean(SuspendingOrders::class.java).skipped("7")}, ${LockContext.required().fullName()}"
        }
        repeat(3) { assertThat(here.getBean(SuspendingOrders::class.java).change("7", work)).isEqualTo("null, order:7") }
        awaitThat { !here.getBean(LockOperations::class.java).isHeld() }
        assertThat(there.getBean(SuspendingOrders::class.java).skipped("7")).isEqualTo("not skipped")
    }

    @Test
    fun aFlowKeepsOthersOut() = inTwoApplications { here, there ->
        val rows = flow {
            delay(1.milliseconds)
            emit("${there.getBean(SuspendingOrders::class.java).skipped("7")}, ${LockContext.required().fullName()}")
        }
        assertThat(here.getBean(FlowOrders::class.java).rows("7", rows).toList()).containsExactly("null, order:7")
        awaitThat { !here.getBean(LockOperations::class.java).isHeld() }
    }

    @Test
    fun aCancelledCoroutineLetsOthersIn() = inTwoApplications { here, there ->
        val locks = there.getBean(LockOperations::class.java)
        val runs = CompletableDeferred<Unit>()
        val running = launch {
            here.getBean(LockOperations::class.java).withLockSuspending(ORDER) {
                runs.complete(Unit)
                awaitCancellation()
            }
        }
        runs.await()
        val waiting = launch { here.getBean(SuspendingOrders::class.java).change("7") { "never" } }
        assertThat(locks.isHeld()).isTrue()

        waiting.cancelAndJoin()
        running.cancelAndJoin()
        assertThat(locks.withLockSuspending(ORDER) { it.fullName() }).isEqualTo("order:7")
    }

    private fun inTwoApplications(test: suspend CoroutineScope.(ApplicationContext, ApplicationContext) -> Unit) {
        val runner = LockContextRunners.sharedRedis()
            .withPropertyValues("distributed-lock.key-prefix=$prefix")
            .withBean(SuspendingOrders::class.java)
            .withBean(FlowOrders::class.java)
        runner.run { here -> runner.run { there -> inCoroutine { test(here, there) } } }
    }
}
