package io.github.lockspring.process;

import io.github.lockspring.LockOperations;
import io.github.lockspring.LockOptions;
import io.github.lockspring.testredis.ParentJvm;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import java.util.stream.IntStream;
import org.springframework.context.ApplicationContext;
import org.springframework.jdbc.core.JdbcTemplate;

/** Main class of a process that locks in Redis and writes in a database: does what its parent says. */
final class TransferWorker {

    private static final int THREADS = 2;

    private final ParentJvm parent;

    private final LockOperations locks;

    private final JdbcTemplate jdbc;

    private final TransferApplication.Locked locked;

    private final TransferApplication.LockedTransaction lockedTransaction;

    private final TransferApplication.InTransaction transaction;

    private TransferWorker(ParentJvm parent, ApplicationContext context) {
        this.parent = parent;
        this.locks = context.getBean(LockOperations.class);
        this.jdbc = context.getBean(JdbcTemplate.class);
        this.locked = context.getBean(TransferApplication.Locked.class);
        this.lockedTransaction = context.getBean(TransferApplication.LockedTransaction.class);
        this.transaction = context.getBean(TransferApplication.InTransaction.class);
    }

    public static void main(String[] arguments) throws InterruptedException {
        ParentJvm parent = ParentJvm.connect();
        TransferWorker worker = new TransferWorker(
                parent, TransferApplication.run(arguments[0], arguments[1], arguments[2], arguments[3], arguments[4]));
        parent.say("ready");
        while (true) {
            worker.obey(parent.nextCommand().split(" "));
        }
    }

    private void obey(String[] command) {
        try {
            switch (command[0]) {
                case "around" ->
                    this.lockedTransaction.run(() -> {
                        add();
                        stay();
                    });
                case "inside" ->
                    this.transaction.run(() -> {
                        this.locked.run(this::add);
                        stay();
                    });
                case "enter" -> this.locked.run(() -> this.parent.say("entered " + value()));
                case "attempt" -> attempt();
                case "count" -> count(Integer.parseInt(command[1]));
                default -> throw new IllegalArgumentException(command[0]);
            }
            this.parent.say("done");
        } catch (RuntimeException ex) {
            this.parent.say("failed " + ex);
        }
    }

    /** Stays in the transaction until the parent says otherwise. */
    private void stay() {
        this.parent.say("written");
        try {
            this.parent.nextCommand();
        } catch (InterruptedException ex) {
            throw new IllegalStateException(ex);
        }
    }

    private void attempt() {
        LockOptions now = LockOptions.named("transfer").waitTime(Duration.ZERO);
        boolean entered = this.locks.tryRun(now, () -> {});
        this.parent.say(entered ? "entered" : "contended");
    }

    private void count(int increments) {
        CompletableFuture<?>[] threads = IntStream.range(0, THREADS)
                .mapToObj(thread -> CompletableFuture.runAsync(() -> {
                    for (int i = 0; i < increments; i++) {
                        this.transaction.run(() -> this.locked.run(this::add));
                    }
                }))
                .toArray(CompletableFuture[]::new);
        CompletableFuture.allOf(threads).join();
    }

    /** Nothing but the lock keeps two from reading the same value. */
    private void add() {
        this.jdbc.update("update transfer set amount = ?", value() + 1);
    }

    private int value() {
        return this.jdbc.queryForObject("select amount from transfer", Integer.class);
    }
}
