package io.github.lockspring.kotlin

import io.github.lockspring.LockLease
import io.github.lockspring.annotation.DistributedLock
import io.github.lockspring.annotation.OnContention
import java.util.concurrent.atomic.AtomicInteger
import kotlinx.coroutines.flow.Flow
import kotlinx.coroutines.flow.flowOf

interface Rows {

    fun rows(id: String, rows: Flow<String>): Flow<String>

    fun brief(id: String, rows: Flow<String>): Flow<String>

    fun skipped(id: String): Flow<String>

    fun replaced(id: String): Flow<String>

    fun refused(id: String): Flow<String>

    fun conditional(id: String, locked: Boolean, lease: LockLease?): Flow<String>

    fun untold(id: String, rows: Flow<String>): Any
}

open class FlowOrders : Rows {

    @DistributedLock(name = "order", key = ["#id"])
    override fun rows(id: String, rows: Flow<String>): Flow<String> {
        CALLS.incrementAndGet()
        return rows
    }

    @DistributedLock(name = "order", key = ["#id"], leaseTime = "1s", renew = "false")
    override fun brief(id: String, rows: Flow<String>): Flow<String> = rows

    @DistributedLock(name = "order", key = ["#id"], waitTime = "0s", onContention = OnContention.SKIP)
    override fun skipped(id: String): Flow<String> = error("must not run")

    @DistributedLock(name = "order", key = ["#id"], waitTime = "0s", fallback = "instead")
    override fun replaced(id: String): Flow<String> = flowOf("not replaced")

    private fun instead(id: String): Flow<String> = flowOf("instead of", id)

    @DistributedLock(name = "order", key = ["#id"], waitTime = "0s")
    override fun refused(id: String): Flow<String> = error("must not run")

    @DistributedLock(name = "order", key = ["#id"], condition = "#locked")
    override fun conditional(id: String, locked: Boolean, lease: LockLease?): Flow<String> =
        flowOf(lease?.fullName() ?: "no lease")

    @DistributedLock(name = "order", key = ["#id"])
    override fun untold(id: String, rows: Flow<String>): Any = rows

    companion object {

        val CALLS = AtomicInteger()
    }
}
