@file:JvmName("LockExtensions")

package io.github.lockspring.kotlin

import io.github.lockspring.LockLease
import io.github.lockspring.LockName
import io.github.lockspring.LockOperations
import io.github.lockspring.LockOptions
import kotlinx.coroutines.CoroutineScope
import kotlinx.coroutines.ThreadContextElement

/**
 * Runs work under a lock, and blocks the thread until it has the lock. Not inline, so that the work cannot suspend: the
 * lease is that of the thread.
 *
 * @param name the name of the lock
 * @param key the parts of its key, if any
 * @param action the work; it gets the held lock, which is closed for it
 * @return the result of the work
 * @throws io.github.lockspring.LockNotAcquiredException if another owner has the lock and the wait time is over
 * @throws io.github.lockspring.LockStoreException if the store fails
 * @throws io.github.lockspring.LeaseLostException if the work returned but its lease was lost in the meantime
 * @since 0.1
 */
public fun <T> LockOperations.withLock(name: String, vararg key: Any, action: (LockLease) -> T): T =
    withLock(LockOptions.of(LockName.of(name, *key)), action)

/**
 * Runs work under a lock, and blocks the thread until it has the lock.
 *
 * @param options which lock, and how
 * @param action the work; it gets the held lock, which is closed for it
 * @return the result of the work
 * @since 0.1
 */
public fun <T> LockOperations.withLock(options: LockOptions, action: (LockLease) -> T): T = execute(options, action)

/**
 * Runs suspending work under a lock, without blocking a thread. The work begins on the dispatcher of the coroutine, and
 * has ended, with all coroutines that it has launched in its scope, before the lock is released. It finds its lease in
 * [io.github.lockspring.LockContext] on each thread that it runs on, and re-enters the lock there.
 *
 * Cancelling the coroutine while it waits withdraws its request. Cancelling it while the work runs cancels the work, and
 * releases the lock once that has ended. If the lease is lost, the work is cancelled.
 *
 * @param name the name of the lock
 * @param key the parts of its key, if any
 * @param action the work; it gets the held lock, which is closed for it
 * @return the result of the work
 * @throws io.github.lockspring.LockNotAcquiredException if another owner has the lock and the wait time is over
 * @throws io.github.lockspring.LockStoreException if the store fails
 * @throws io.github.lockspring.LeaseLostException if the lease was lost, once the work has ended
 * @since 0.1
 */
public suspend fun <T> LockOperations.withLockSuspending(
    name: String,
    vararg key: Any,
    action: suspend CoroutineScope.(LockLease) -> T,
): T = withLockSuspending(LockOptions.of(LockName.of(name, *key)), action)

/**
 * Runs suspending work under a lock, without blocking a thread; see the function that takes a name.
 *
 * @param options which lock, and how
 * @param action the work; it gets the held lock, which is closed for it
 * @return the result of the work
 * @since 0.1
 */
public suspend fun <T> LockOperations.withLockSuspending(
    options: LockOptions,
    action: suspend CoroutineScope.(LockLease) -> T,
): T {
    val lock = CoroutineLock.acquire(this, options)
    return lock.during { action(lock.lease) }
}

/**
 * Carries a lease into coroutines: they run under it as the code does that has acquired it, until it is closed. For a
 * lease of the thread and `runBlocking`, or one of `acquireAsync` and `withContext`.
 *
 * @return the element to add to the context of a coroutine
 * @since 0.1
 */
public fun LockLease.asContextElement(): ThreadContextElement<*> = LeaseElement(this)
