package io.github.lockspring.process;

import io.github.lockspring.testredis.JvmProcess;
import java.time.Duration;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** A process under test, as its parent sees it. Commands that end by themselves are awaited with {@link #awaitDone}. */
final class WorkerProcess implements AutoCloseable {

    /** Lost by nothing short of a process that stands still. */
    private static final Duration LEASE = Duration.ofSeconds(30);

    private final JvmProcess jvm;

    private WorkerProcess(JvmProcess jvm) {
        this.jvm = jvm;
    }

    /** Starts a process; {@link #awaitReady()} tells when it is. */
    static WorkerProcess start(Wiring wiring, String host, int port, String prefix) {
        return start(wiring, host, port, prefix, LEASE);
    }

    static WorkerProcess start(Wiring wiring, String host, int port, String prefix, Duration leaseTime) {
        return new WorkerProcess(JvmProcess.start(Worker.class, wiring, host, port, prefix, leaseTime));
    }

    WorkerProcess awaitReady() {
        this.jvm.await("ready");
        return this;
    }

    /** Has the process wait for the lock and hold it until {@link #finish()}. */
    void await(String key) {
        this.jvm.send("await " + key);
    }

    /** Waits until the process holds the lock it waits for; returns its fencing token. */
    long awaitHolding() {
        return Long.parseLong(this.jvm.await("holding"));
    }

    /** Ends the work under the lock; returns whether the lock was held to the end. */
    boolean finish() {
        this.jvm.send("finish");
        boolean held = this.jvm.await("finishing").equals("held");
        awaitDone();
        return held;
    }

    /** Ends the work under a lock that was lost; returns how the call ended. */
    String finishLost() {
        this.jvm.send("finish");
        String lease = this.jvm.await("finishing");
        return lease + ", " + this.jvm.awaitAny("done", "failed");
    }

    /** Whether an owner, or what is named after it, belongs to the process. */
    boolean owns(@Nullable String owner) {
        return owner != null && owner.contains(":" + this.jvm.pid() + ":");
    }

    /** Has the process stand still, as in a long pause of its machine. */
    void pause() {
        this.jvm.pause();
    }

    void resume() {
        this.jvm.resume();
    }

    /** Has the process try to get the lock, which somebody else has; returns what it says about that. */
    String attemptInVain(String key) {
        this.jvm.send("attempt " + key);
        return this.jvm.awaitAny("contended", "holding", "failed");
    }

    void count(String data, String key, int increments) {
        this.jvm.send("count " + data + " " + key + " " + increments);
    }

    /** Has threads of the process want a lock again and again; {@link #awaitTokens()} tells how they fared. */
    void contend(String key, int threads, Duration time) {
        this.jvm.send("contend " + key + " " + threads + " " + time);
    }

    /** The fencing tokens of each thread. */
    List<List<Long>> awaitTokens() {
        List<List<Long>> tokens = Contention.parse(this.jvm.await("tokens"));
        awaitDone();
        return tokens;
    }

    /** Has the process lock and release that many new keys. */
    void useKeys(int keys) {
        this.jvm.send("many " + keys);
        awaitDone();
    }

    Usage usage() {
        this.jvm.send("usage");
        String[] used = this.jvm.await("used").split(" ");
        awaitDone();
        return new Usage(Long.parseLong(used[0]), Integer.parseInt(used[1]));
    }

    void awaitDone() {
        this.jvm.await("done");
    }

    void kill() {
        this.jvm.kill();
    }

    @Override
    public void close() {
        this.jvm.close();
    }

    /**
     * What a process uses.
     *
     * @param heapBytes live heap
     * @param threads live threads
     */
    record Usage(long heapBytes, int threads) {}
}
