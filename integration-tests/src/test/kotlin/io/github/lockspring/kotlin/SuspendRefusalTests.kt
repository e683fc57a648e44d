package io.github.lockspring.kotlin

import io.github.lockspring.annotation.DistributedLock
import io.github.lockspring.annotation.OnContention
import io.github.lockspring.autoconfigure.LockContextRunners
import io.github.lockspring.interceptor.LockOperationSource
import java.util.function.Supplier
import kotlin.reflect.KClass
import org.assertj.core.api.Assertions.assertThat
import org.junit.jupiter.api.Tag
import org.junit.jupiter.api.Test
import org.springframework.boot.test.context.runner.ApplicationContextRunner
import reactor.core.publisher.Mono

/** Suspending functions whose lock cannot be held, or whose callers would get what they do not expect. */
@Tag("default-line")
class SuspendRefusalTests {

    @Test
    fun aSkippedFunctionNeedsATypeThatMayBeNull() =
        assertRefused(SkippedWithoutNull::class, "the type String is not nullable", "Return String?, or set fallback")

    @Test
    fun aSuspendingFunctionReturnsItsResult() =
        assertRefused(SuspendingMono::class, "the function suspends and returns Mono", "Remove suspend")

    @Test
    fun expressionsDoNotSeeTheContinuation() =
        assertRefused(ContinuationAsKey::class, "ContinuationAsKey.change(String)", "Use #id, #p0, #root or @beans")

    @Test
    fun aFallbackHasTheParametersAndTheTypeThatAreWritten() {
        assertRefused(FallbackOfAnotherType::class, "Declare String other(String)", "but there are Integer other(String)")
        assertRefused(SuspendingFallback::class, "Declare String other(String)", "but there are String other(String)")
    }

    @Test
    fun wovenFunctionsAreRefused() {
        val runner = LockContextRunners.memory()
            .withBean(LockOperationSource::class.java, Supplier { LockOperationSource() })
        assertRefused(runner, SuspendingOrders::class, "each time it continues", "distributed-lock.advice-mode=proxy")
    }

    @Test
    fun aFinalClassIsRefusedWithAHintAtOpen() =
        assertRefused(FinalOrders::class, "the class is final", "in Kotlin, add open")

    private fun assertRefused(type: KClass<*>, vararg texts: String) =
        assertRefused(LockContextRunners.memory(), type, *texts)

    private fun assertRefused(runner: ApplicationContextRunner, type: KClass<*>, vararg texts: String) {
        runner.withBean(type.java).run { context ->
            assertThat(context.startupFailure).rootCause().message().contains(*texts)
        }
    }

    open class SkippedWithoutNull {

        @DistributedLock(name = "order", onContention = OnContention.SKIP)
        open suspend fun change(): String = "changed"
    }

    open class SuspendingMono {

        @DistributedLock(name = "order")
        open suspend fun change(): Mono<String> = Mono.just("changed")
    }

    open class ContinuationAsKey {

        @DistributedLock(name = "order", key = ["#p1"])
        open suspend fun change(id: String): String = "changed $id"
    }

    open class FallbackOfAnotherType {

        @DistributedLock(name = "order", fallback = "other")
        open suspend fun change(id: String): String = "changed $id"

        open suspend fun other(id: String): Int = id.toInt()
    }

    open class SuspendingFallback {

        @DistributedLock(name = "order", fallback = "other")
        open fun change(id: String): String = "changed $id"

        open suspend fun other(id: String): String = "other $id"
    }

    class FinalOrders {

        @DistributedLock(name = "order")
        suspend fun change(id: String): String = "changed $id"
    }
}
