package io.github.lockspring.test;

import io.github.lockspring.LockMonitor;
import io.github.lockspring.LockName;
import io.github.lockspring.LockRequest;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.Function;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/**
 * Records what becomes of calls that ask for locks, and of the transactions of their threads, in the order in which it
 * happens. Numbers count from 1; 0 stands for what has not happened. Thread-safe.
 */
final class LockHistory implements LockMonitor {

    private static final int SHOWN = 100;

    private final ReentrantLock guard = new ReentrantLock();

    private final List<Event> events = new ArrayList<>();

    /** Goes on when events are forgotten: what is still held has a number. */
    private int last;

    /** What was last when events were last forgotten. */
    private int forgotten;

    private final List<RecordedCall> calls = new ArrayList<>();

    private final List<RecordedTransaction> transactions = new ArrayList<>();

    @Override
    public Call begin(LockRequest request) {
        RecordedCall call = new RecordedCall(this, request.name());
        run(() -> {
            this.calls.add(call);
            tell(call, "is asked for");
        });
        return call;
    }

    /** A transaction of the current thread has begun. */
    RecordedTransaction begin(@Nullable String name) {
        RecordedTransaction transaction = new RecordedTransaction(this, name);
        run(() -> {
            this.transactions.add(transaction);
            transaction.begun = add(transaction + " begins");
        });
        return transaction;
    }

    /**
     * Forgets what has ended. What is still held, or still open, stays: its end is told later.
     */
    void clear() {
        run(() -> {
            this.events.clear();
            this.forgotten = this.last;
            this.calls.removeIf(call -> !call.isHeld());
            this.transactions.removeIf(transaction -> transaction.completed != 0);
        });
    }

    /** Computes something of the calls for a lock, while nothing is added. */
    <T> T ofCalls(LockName lock, Function<List<RecordedCall>, T> question) {
        this.guard.lock();
        try {
            return question.apply(
                    this.calls.stream().filter(call -> call.lock.equals(lock)).toList());
        } finally {
            this.guard.unlock();
        }
    }

    /** The transactions of a thread that have overlapped with a time. Called inside the guard. */
    List<RecordedTransaction> transactions(Thread thread, int from, int to) {
        return this.transactions.stream()
                .filter(transaction -> transaction.thread == thread
                        && transaction.begun < to
                        && (transaction.completed == 0 || transaction.completed > from))
                .toList();
    }

    void run(Runnable change) {
        this.guard.lock();
        try {
            change.run();
        } finally {
            this.guard.unlock();
        }
    }

    /** Called inside the guard. */
    int tell(RecordedCall call, String what) {
        return add("lock '" + call.lock + "' " + what);
    }

    /** Called inside the guard. */
    int add(String what) {
        this.last++;
        this.events.add(new Event(this.last, Thread.currentThread().getName(), what));
        return this.last;
    }

    /** Lists what has happened, counted from what is remembered. */
    @Override
    public String toString() {
        this.guard.lock();
        try {
            if (this.events.isEmpty()) {
                return " Nothing has happened.";
            }
            int from = Math.max(0, this.events.size() - SHOWN);
            return this.events.subList(from, this.events.size()).stream()
                    .map(event -> "%n  %d. [%s] %s".formatted(event.number - this.forgotten, event.thread, event.what))
                    .collect(Collectors.joining(
                            "", " What has happened" + (from > 0 ? ", the last " + SHOWN + ":" : ":"), ""));
        } finally {
            this.guard.unlock();
        }
    }

    private record Event(int number, String thread, String what) {}
}
