package io.github.lockspring.kotlin

import io.github.lockspring.LockContext
import io.github.lockspring.LockException
import io.github.lockspring.LockLease
import io.github.lockspring.annotation.DistributedLock
import io.github.lockspring.annotation.OnContention
import java.util.Optional

@JvmInline
value class OrderId(val value: String)

interface Orders {

    suspend fun change(id: String, work: suspend () -> String): String

    suspend fun nothing(id: String, work: suspend () -> Unit)

    fun block(id: String): String

    suspend fun skipped(id: String): String?

    suspend fun skippedUnit(id: String)

    suspend fun skippedOptional(id: String): Optional<String>

    suspend fun replaced(id: String): String

    suspend fun replacedPlainly(id: String): Int

    suspend fun refused(id: String): String

    suspend fun conditional(id: String, locked: Boolean, lease: LockLease?): String

    suspend fun counted(id: String): String

    suspend fun typed(id: OrderId): String
}

open class SuspendingOrders : Orders {

    @DistributedLock(name = "order", key = ["#id"])
    override suspend fun change(id: String, work: suspend () -> String): String = work()

    @DistributedLock(name = "order", key = ["#id"])
    override suspend fun nothing(id: String, work: suspend () -> Unit) = work()

    @DistributedLock(name = "order", key = ["#id"], waitTime = "0s")
    override fun block(id: String): String = LockContext.required().fullName()

    @DistributedLock(name = "order", key = ["#id"], waitTime = "0s", onContention = OnContention.SKIP)
    override suspend fun skipped(id: String): String? = "not skipped"

    @DistributedLock(name = "order", key = ["#id"], waitTime = "0s", onContention = OnContention.SKIP)
    override suspend fun skippedUnit(id: String): Unit = error("must not run")

    @DistributedLock(name = "order", key = ["#id"], waitTime = "0s", onContention = OnContention.SKIP)
    override suspend fun skippedOptional(id: String): Optional<String> = error("must not run")

    @DistributedLock(name = "order", key = ["#id"], waitTime = "0s", fallback = "instead")
    override suspend fun replaced(id: String): String = error("must not run")

    private suspend fun instead(id: String, failure: LockException): String {
        kotlinx.coroutines.yield()
        return "instead of $id: ${failure.key}, ${LockContext.current().isPresent}"
    }

    @DistributedLock(name = "order", key = ["#id"], waitTime = "0s", fallback = "plainly")
    override suspend fun replacedPlainly(id: String): Int = error("must not run")

    private fun plainly(id: String): Int = id.toInt()

    @DistributedLock(name = "order", key = ["#id"], waitTime = "0s")
    override suspend fun refused(id: String): String = error("must not run")

    @DistributedLock(name = "order", key = ["#id"], condition = "#locked")
    override suspend fun conditional(id: String, locked: Boolean, lease: LockLease?): String =
        if (lease == null) "no lease" else "${LockContext.required().fullName()}, ${lease.fullName()}"

    @DistributedLock(name = "order", key = ["#root.args.length + ':' + #p0"])
    override suspend fun counted(id: String): String = LockContext.required().fullName()

    @DistributedLock(key = ["#id"], waitTime = "0s", fallback = "busy")
    override suspend fun typed(id: OrderId): String = LockContext.required().fullName()

    private suspend fun busy(id: OrderId): String = "busy: ${id.value}"
}
