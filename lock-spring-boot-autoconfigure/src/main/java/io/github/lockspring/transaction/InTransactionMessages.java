package io.github.lockspring.transaction;

import io.github.lockspring.InTransaction;
import io.github.lockspring.LockLease;
import io.github.lockspring.LockName;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** What users are told of locks that are acquired inside of a transaction, once for each lock name. Thread-safe. */
final class InTransactionMessages {

    private static final Logger logger = LoggerFactory.getLogger(TransactionalReleaseStrategy.class);

    private final Set<String> told = ConcurrentHashMap.newKeySet();

    /** Whether the lock was not acquired, but entered again. */
    static boolean isReentry(LockLease lease, @Nullable LockLease outer) {
        return outer != null && outer.fencingToken() == lease.fencingToken();
    }

    /**
     * Creates what refuses a lock.
     *
     * @param name which lock
     * @param transaction name of the transaction, {@code null} if it has none
     * @param template what begins transactions in code
     */
    static IllegalStateException refusal(LockName name, @Nullable String transaction, Begin template) {
        return new IllegalStateException("Lock '" + name + "' is requested inside of a transaction that began before it"
                + (transaction != null ? " (" + transaction + ")" : "")
                + ", which distributed-lock.in-transaction=fail (or the setting of this lock name)"
                + " refuses. Acquire the lock outside of the transaction: put @DistributedLock on the method that"
                + " begins it, or call " + template.operations + " before " + template.type);
    }

    void warn(LockLease lease, @Nullable LockLease outer, LockName name, InTransaction mode, Begin template) {
        if (!isReentry(lease, outer) && this.told.add(name.name())) {
            logger.warn(
                    "Lock '{}' was acquired inside of a transaction that began before it: what the transaction has read"
                            + " may be older than the lock, and with REPEATABLE READ or SERIALIZABLE what it reads from"
                            + " now on, too. {}. Acquire the lock outside of the transaction: put @DistributedLock on"
                            + " the method that begins it, or call {} before {}. If the"
                            + " transaction reads with FOR UPDATE what it changes, ignore this. This warning is logged"
                            + " once for each lock name",
                    name,
                    mode == InTransaction.DEFER
                            ? "The lock is released when the transaction has completed"
                                    + " (distributed-lock.in-transaction=defer)"
                            : "The lock is released when its lease is closed, possibly before the commit"
                                    + " (distributed-lock.in-transaction=release)",
                    template.operations,
                    template.type);
        }
    }

    /** How code begins a lock and a transaction. */
    enum Begin {
        BLOCKING("LockOperations", "TransactionTemplate"),

        REACTIVE("ReactiveLockOperations", "TransactionalOperator");

        private final String operations;

        private final String type;

        Begin(String operations, String type) {
            this.operations = operations;
            this.type = type;
        }
    }
}
