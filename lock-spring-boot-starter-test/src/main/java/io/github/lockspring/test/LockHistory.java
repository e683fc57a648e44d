package io.github.lockspring.test;

import io.github.lockspring.LockLease;
import io.github.lockspring.LockMonitor;
import io.github.lockspring.LockName;
import io.github.lockspring.LockNotAcquiredException;
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

    private int forgotten;

    private final List<RecordedCall> calls = new ArrayList<>();

    private final List<RecordedTransaction> transactions = new ArrayList<>();

    /** When reactive transactions have begun, whose threads say nothing. */
    private final List<Integer> reactive = new ArrayList<>();

    @Override
    public Call begin(LockRequest request) {
        RecordedCall call = new RecordedCall(
                this, request.name(), new Throwable("Lock '" + request.name() + "' was asked for here"));
        run(() -> {
            this.calls.add(call);
            tell(call, "is asked for");
        });
        return call;
    }

    /** Work of a caller that has the lock itself is left out without a call: there is one in the history from now on. */
    @Override
    public void skipped(LockNotAcquiredException failure) {
        run(() -> {
            if (this.calls.stream().noneMatch(call -> call.isRefusedWith(failure))) {
                this.calls.stream()
                        .map(call -> call.lock)
                        .filter(lock -> lock.toString().equals(failure.getFullName()))
                        .findFirst()
                        .ifPresent(lock -> {
                            RecordedCall call = new RecordedCall(this, lock, failure);
                            this.calls.add(call);
                            call.refused(failure);
                        });
            }
        });
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

    /** A reactive transaction has begun. */
    void beginReactive(String transaction) {
        run(() -> this.reactive.add(add(transaction + " begins")));
    }

    /** Something has happened that no question is about. */
    void tell(String what) {
        run(() -> add(what));
    }

    /**
     * Forgets what has happened. What waits, is held or is open stays: what becomes of it is told later.
     */
    void clear() {
        run(() -> {
            this.events.clear();
            this.forgotten = this.last;
            this.reactive.clear();
            this.calls.removeIf(RecordedCall::isEnded);
            this.transactions.removeIf(transaction -> transaction.completed != 0);
        });
    }

    /** What was last when events were last forgotten. Called inside the guard. */
    int forgotten() {
        return this.forgotten;
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

    /** Where a hold was asked for, {@code null} if that is not known. */
    @Nullable Throwable origin(LockLease lease) {
        this.guard.lock();
        try {
            return this.calls.stream()
                    .filter(call ->
                            call.lock.fullName().equals(lease.fullName()) && call.fencingToken == lease.fencingToken())
                    .map(call -> call.origin)
                    .findFirst()
                    .orElse(null);
        } finally {
            this.guard.unlock();
        }
    }

    /** Whether a reactive transaction has begun in that time. Called inside the guard. */
    boolean hasReactive(int from, int to) {
        return this.reactive.stream().anyMatch(begun -> begun > from && begun < to);
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
