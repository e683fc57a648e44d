package io.github.lockspring.kotlin

import io.github.lockspring.LockContext
import io.github.lockspring.LockOperations
import io.github.lockspring.LockOptions
import io.github.lockspring.ProxyKind
import io.github.lockspring.annotation.DistributedLock
import io.github.lockspring.autoconfigure.LockContextRunners
import java.util.concurrent.BlockingQueue
import java.util.concurrent.LinkedBlockingQueue
import java.util.concurrent.TimeUnit
import org.assertj.core.api.Assertions.assertThat
import org.junit.jupiter.params.ParameterizedTest
import org.junit.jupiter.params.provider.EnumSource
import org.springframework.context.annotation.Bean
import org.springframework.context.annotation.Configuration
import org.springframework.scheduling.annotation.Async
import org.springframework.scheduling.annotation.EnableAsync
import org.springframework.scheduling.concurrent.ThreadPoolTaskExecutor

/**
 * A function without a result is a `void` method, also where it implements one whose result is generic, and so it is a
 * task, which waits for its lock on no thread of its executor.
 */
class AsyncUnitTests {

    @ParameterizedTest
    @EnumSource
    fun functionWithoutResultIsATask(kind: ProxyKind) {
        run(kind) { commands, _ -> commands.change("7") }
    }

    @ParameterizedTest
    @EnumSource
    fun functionWhoseResultIsGenericIsATask(kind: ProxyKind) {
        run(kind) { _, handler -> handler.handle("7") }
    }

    private fun run(kind: ProxyKind, call: (Commands, Handler<*>) -> Unit) {
        val events = LinkedBlockingQueue<String>()
        kind.`in`(LockContextRunners.memory())
            .withUserConfiguration(Asynchronous::class.java)
            .withBean(AsyncHandler::class.java, events)
            .run { context ->
                val commands = kind.bean(context, Commands::class.java)
                context.getBean(LockOperations::class.java).acquire(LockOptions.named("order").key("7")).use {
                    call(commands, context.getBean(Handler::class.java))
                    commands.passUnlocked()
                    assertThat(events.poll(60, TimeUnit.SECONDS)).isEqualTo("unlocked")
                    assertThat(events).isEmpty()
                }
                assertThat(events.poll(60, TimeUnit.SECONDS)).isEqualTo("order:7")
            }
    }

    @Configuration(proxyBeanMethods = false)
    @EnableAsync
    open class Asynchronous {

        /** With one thread, which a task that waits would keep from others. */
        @Bean
        open fun taskExecutor() = ThreadPoolTaskExecutor().apply { corePoolSize = 1 }
    }

    interface Commands {

        fun change(id: String)

        fun passUnlocked()
    }

    interface Handler<T> {

        fun handle(id: String): T
    }

    open class AsyncHandler(private val events: BlockingQueue<String>) : Commands, Handler<Unit> {

        @Async
        @DistributedLock(name = "order", key = ["#id"], waitTime = "forever")
        override fun change(id: String) {
            events.add(LockContext.required().fullName())
        }

        @Async
        @DistributedLock(name = "order", key = ["#id"], waitTime = "forever")
        override fun handle(id: String) {
            events.add(LockContext.required().fullName())
        }

        @Async
        override fun passUnlocked() {
            events.add("unlocked")
        }
    }
}
