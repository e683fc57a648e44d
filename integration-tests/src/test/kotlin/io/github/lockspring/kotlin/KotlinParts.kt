package io.github.lockspring.kotlin

import io.github.lockspring.LockContext
import io.github.lockspring.LockOperations
import io.github.lockspring.autoconfigure.LockContextRunners
import kotlinx.coroutines.flow.flow
import kotlinx.coroutines.flow.toList
import org.springframework.context.ConfigurableApplicationContext

/** What [KotlinClassPathTests] runs on class paths that lack something. */
object KotlinParts {

    /** The full names of the leases that a flow and an extension run under. */
    @JvmStatic
    fun leases(): List<String> {
        val leases = mutableListOf<String>()
        LockContextRunners.memory().withBean(FlowOrders::class.java).run { context ->
            val locks = context.getBean(LockOperations::class.java)
            inCoroutine {
                val rows = flow { emit(LockContext.required().fullName()) }
                leases += context.getBean(FlowOrders::class.java).rows("7", rows).toList()
                leases += locks.withLockSuspending("report") { LockContext.required().fullName() }
            }
        }
        return leases
    }

    /** Why an application with suspending functions does not start. */
    @JvmStatic
    fun refusal(): String? {
        var refusal: String? = null
        LockContextRunners.memory().withBean(SuspendingOrders::class.java).run { context ->
            refusal = generateSequence(context.startupFailure) { it.cause }.lastOrNull()?.message
        }
        return refusal
    }
}
