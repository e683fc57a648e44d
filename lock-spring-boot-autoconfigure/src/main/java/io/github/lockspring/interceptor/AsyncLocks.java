package io.github.lockspring.interceptor;

import io.github.lockspring.LockOperations;
import io.github.lockspring.LockSettings;
import io.github.lockspring.LockTaskExecution;

/**
 * What asynchronous calls lock with.
 *
 * @param operations acquire and release
 * @param settings say what happens when a lease is lost
 * @param tasks where the work of a call begins
 * @since 0.1
 */
public record AsyncLocks(LockOperations operations, LockSettings settings, LockTaskExecution tasks) {}
