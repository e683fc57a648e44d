/**
 * Locks and transactions of Spring. A lock that is acquired inside a transaction is released when that has completed,
 * and a transaction that relies on a lost lease rolls back.
 */
@NullMarked
package io.github.lockspring.transaction;

import org.jspecify.annotations.NullMarked;
