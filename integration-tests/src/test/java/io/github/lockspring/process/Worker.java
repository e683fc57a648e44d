package io.github.lockspring.process;

import io.github.lockspring.LockContext;
import io.github.lockspring.LockLease;
import io.github.lockspring.LockNotAcquiredException;
import io.github.lockspring.testredis.ParentJvm;
import io.github.lockspring.testredis.RespClient;
import java.time.Duration;

/** Main class of the processes under test: does what its parent says. {@link WorkerProcess} is the other side. */
final class Worker {

    private final ParentJvm parent;

    private final ExclusiveWork work;

    private final ManyKeys manyKeys;

    private final String host;

    private final int port;

    private Worker(ParentJvm parent, ExclusiveWork work, String host, int port) {
        this.parent = parent;
        this.work = work;
        this.manyKeys = new ManyKeys(work);
        this.host = host;
        this.port = port;
    }

    public static void main(String[] arguments) throws InterruptedException {
        ParentJvm parent = ParentJvm.connect();
        String host = arguments[1];
        int port = Integer.parseInt(arguments[2]);
        ExclusiveWork work = Wiring.valueOf(arguments[0]).open(host, port, arguments[3], Duration.parse(arguments[4]));
        Worker worker = new Worker(parent, work, host, port);
        parent.say("ready");
        while (true) {
            worker.obey(parent.nextCommand().split(" "));
        }
    }

    private void obey(String[] command) {
        try {
            switch (command[0]) {
                case "await" -> this.work.await(command[1], this::hold);
                case "attempt" -> this.work.attempt(command[1], this::hold);
                case "count" -> count(command[1], command[2], Integer.parseInt(command[3]));
                case "contend" -> contend(command[1], Integer.parseInt(command[2]), Duration.parse(command[3]));
                case "many" -> this.manyKeys.use(Integer.parseInt(command[1]));
                case "usage" -> this.parent.say("used " + ManyKeys.usage());
                default -> throw new IllegalArgumentException(command[0]);
            }
            this.parent.say("done");
        } catch (LockNotAcquiredException ex) {
            this.parent.say("contended " + ex.getMessage());
        } catch (RuntimeException ex) {
            this.parent.say("failed " + ex);
        }
    }

    /** Holds the lock until the parent says otherwise. */
    private void hold() {
        LockLease lease = LockContext.current().orElseThrow(() -> new IllegalStateException("Not under a lock"));
        this.parent.say("holding " + lease.fencingToken());
        try {
            this.parent.nextCommand();
        } catch (InterruptedException ex) {
            throw new IllegalStateException(ex);
        }
        this.parent.say("finishing " + (lease.isHeld() ? "held" : "lost"));
    }

    private void contend(String key, int threads, Duration time) {
        this.parent.say("tokens " + new Contention(this.work).run(key, threads, time));
    }

    private void count(String data, String key, int increments) {
        CountingThread first = new CountingThread(this.work, RespClient.connect(this.host, this.port), data, key);
        CountingThread second = new CountingThread(this.work, RespClient.connect(this.host, this.port), data, key);
        first.start(increments / 2);
        second.start(increments - increments / 2);
        first.join();
        second.join();
    }
}
