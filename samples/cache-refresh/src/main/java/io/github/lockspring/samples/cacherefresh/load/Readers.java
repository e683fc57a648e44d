package io.github.lockspring.samples.cacherefresh.load;

import io.github.lockspring.samples.cacherefresh.cache.Answer;
import io.github.lockspring.samples.cacherefresh.cache.Answer.Origin;
import io.github.lockspring.samples.cacherefresh.cache.Prices;
import io.github.lockspring.samples.support.ProcessEvent;
import java.util.concurrent.Executor;
import java.util.concurrent.TimeUnit;
import java.util.function.LongSupplier;

/** Readers of this process, several at a time, who pause for a moment between two reads. */
final class Readers {

    private static final long PAUSE_MILLIS = 2;

    private final Prices prices;

    private final LongSupplier locksOfThread;

    private final Executor executor;

    private final int threads;

    Readers(Prices prices, LongSupplier locksOfThread, Executor executor, int threads) {
        this.prices = prices;
        this.locksOfThread = locksOfThread;
        this.executor = executor;
        this.threads = threads;
    }

    /** Starts to read; returns at once. Each reader reports {@link ProcessEvent#DONE} when the time is over. */
    void read(ReadCommand command) {
        for (int i = 0; i < this.threads; i++) {
            this.executor.execute(() -> {
                try {
                    readUntilTimeIsOver(command).toEvent().send();
                } catch (InterruptedException ex) {
                    Thread.currentThread().interrupt();
                } catch (RuntimeException ex) {
                    ProcessEvent.of(ProcessEvent.FAILED, ex.toString()).send();
                }
            });
        }
    }

    private HitCount readUntilTimeIsOver(ReadCommand command) throws InterruptedException {
        HitCount count = HitCount.NONE;
        long start = System.nanoTime();
        while (System.nanoTime() - start < TimeUnit.MILLISECONDS.toNanos(command.millis())) {
            count = count.plus(readOnce(command));
            Thread.sleep(PAUSE_MILLIS);
        }
        return count;
    }

    private HitCount readOnce(ReadCommand command) {
        long locksBefore = this.locksOfThread.getAsLong();
        long start = System.nanoTime();
        Answer answer = read(command.pass(), command.product());
        long waited = TimeUnit.NANOSECONDS.toMicros(System.nanoTime() - start);
        long locks = this.locksOfThread.getAsLong() - locksBefore;
        if (answer.origin() == Origin.HIT) {
            return new HitCount(1, locks, locks);
        }
        new ProcessEvent(answer.origin().name(), waited, "").send();
        return new HitCount(0, locks, 0);
    }

    private Answer read(Pass pass, String product) {
        return switch (pass) {
            case WITHOUT_LOCK -> this.prices.readWithoutLock(product);
            case WAIT -> this.prices.readOrWait(product);
            case TAKE_OLD -> this.prices.readOrTakeOld(product);
        };
    }
}
