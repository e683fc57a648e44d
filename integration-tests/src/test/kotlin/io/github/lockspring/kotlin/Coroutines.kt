package io.github.lockspring.kotlin

import io.github.lockspring.LockOperations
import io.github.lockspring.LockOptions
import java.util.concurrent.ExecutorService
import java.util.concurrent.Executors
import kotlin.time.Duration.Companion.milliseconds
import kotlin.time.Duration.Companion.seconds
import kotlinx.coroutines.CoroutineScope
import kotlinx.coroutines.delay
import kotlinx.coroutines.runBlocking
import kotlinx.coroutines.withTimeout

internal val ORDER: LockOptions = LockOptions.named("order").key("7")

internal val PATIENCE = 60.seconds

/** Runs a test in a coroutine; one that hangs fails. */
internal fun <T> inCoroutine(test: suspend CoroutineScope.() -> T): T = runBlocking { withTimeout(PATIENCE) { test() } }

internal fun LockOperations.isHeld(): Boolean = holder(ORDER).isPresent

internal suspend fun awaitThat(condition: () -> Boolean) {
    while (!condition()) {
        delay(5.milliseconds)
    }
}

/** Gives a test threads that it can tell by their name. */
internal fun <T> withThreads(name: String, test: (ExecutorService) -> T): T {
    val threads = Executors.newFixedThreadPool(2) { task -> Thread(task, name).apply { isDaemon = true } }
    try {
        return test(threads)
    } finally {
        threads.shutdownNow()
    }
}
