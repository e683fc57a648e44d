package io.github.lockspring.test;

import org.jspecify.annotations.Nullable;

/** A transaction of one thread. Guarded by its history. */
final class RecordedTransaction {

    final Thread thread = Thread.currentThread();

    private final LockHistory history;

    private final String name;

    int begun;

    int completed;

    boolean committed;

    RecordedTransaction(LockHistory history, @Nullable String name) {
        this.history = history;
        this.name = name != null && !name.isEmpty() ? "transaction '" + name + "'" : "a transaction";
    }

    boolean isCompletedBefore(int number) {
        return this.completed != 0 && this.completed < number;
    }

    void committed() {
        complete(true, " is committed");
    }

    void notCommitted(String how) {
        complete(false, how);
    }

    private void complete(boolean committed, String how) {
        this.history.run(() -> {
            if (this.completed == 0) {
                this.committed = committed;
                this.completed = this.history.add(this + how);
            }
        });
    }

    @Override
    public String toString() {
        return this.name;
    }
}
