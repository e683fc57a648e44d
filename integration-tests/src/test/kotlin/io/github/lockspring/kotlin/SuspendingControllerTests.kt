package io.github.lockspring.kotlin

import io.github.lockspring.LockContext
import io.github.lockspring.LockOperations
import io.github.lockspring.annotation.DistributedLock
import io.github.lockspring.autoconfigure.LockContextRunners
import kotlinx.coroutines.delay
import kotlinx.coroutines.flow.Flow
import kotlinx.coroutines.flow.flow
import kotlin.time.Duration.Companion.milliseconds
import org.assertj.core.api.Assertions.assertThat
import org.junit.jupiter.api.Test
import org.springframework.test.web.reactive.server.WebTestClient
import org.springframework.test.web.servlet.MockMvc
import org.springframework.test.web.servlet.request.MockMvcRequestBuilders.asyncDispatch
import org.springframework.test.web.servlet.request.MockMvcRequestBuilders.get
import org.springframework.test.web.servlet.result.MockMvcResultMatchers.content
import org.springframework.test.web.servlet.result.MockMvcResultMatchers.request
import org.springframework.test.web.servlet.setup.MockMvcBuilders
import org.springframework.web.bind.annotation.GetMapping
import org.springframework.web.bind.annotation.PathVariable
import org.springframework.web.bind.annotation.RestController

/** Suspending functions and flows that Spring MVC and WebFlux call. */
class SuspendingControllerTests {

    @Test
    fun springMvcCallsTheFunctionUnderItsLock() = run { controller, locks ->
        val mvc: MockMvc = MockMvcBuilders.standaloneSetup(controller).build()
        val started = mvc.perform(get("/orders/7")).andExpect(request().asyncStarted()).andReturn()
        mvc.perform(asyncDispatch(started)).andExpect(content().string("order:7, order:7"))
        assertThat(locks.isHeld()).isFalse()
    }

    @Test
    fun webFluxCallsTheFunctionUnderItsLock() = run { controller, locks ->
        val web = WebTestClient.bindToController(controller).build()
        web.get().uri("/orders/7").exchange().expectBody(String::class.java).isEqualTo<Nothing>("order:7, order:7")
        web.get().uri("/orders/7/rows").exchange().expectBody(String::class.java).isEqualTo<Nothing>("order:7 order:7")
        assertThat(locks.isHeld()).isFalse()
    }

    private fun run(test: (OrderController, LockOperations) -> Unit) {
        LockContextRunners.memory().withBean(OrderController::class.java).run { context ->
            test(context.getBean(OrderController::class.java), context.getBean(LockOperations::class.java))
        }
    }

    @RestController
    open class OrderController {

        @GetMapping("/orders/{id}")
        @DistributedLock(name = "order", key = ["#id"])
        open suspend fun change(@PathVariable("id") id: String): String {
            val before = LockContext.required().fullName()
            delay(1.milliseconds)
            return "$before, ${LockContext.required().fullName()}"
        }

        @GetMapping("/orders/{id}/rows")
        @DistributedLock(name = "order", key = ["#id"])
        open fun rows(@PathVariable("id") id: String): Flow<String> = flow {
            emit(LockContext.required().fullName())
            emit(" ")
            delay(1.milliseconds)
            emit(LockContext.required().fullName())
        }
    }
}
