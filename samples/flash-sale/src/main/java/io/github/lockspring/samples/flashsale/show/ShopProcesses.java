package io.github.lockspring.samples.flashsale.show;

import io.github.lockspring.samples.flashsale.load.Pass;
import io.github.lockspring.samples.flashsale.load.SaleCommand;
import io.github.lockspring.samples.flashsale.load.SaleEvent;
import io.github.lockspring.samples.flashsale.load.SaleEvent.Kind;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/** All selling processes, and one queue of what they tell. Ended when the show is over, or closed from another thread. */
final class ShopProcesses implements AutoCloseable {

    private static final Duration START_TIME = Duration.ofSeconds(90);

    private final BlockingQueue<SaleEvent> events = new LinkedBlockingQueue<>();

    private final List<ShopProcess> processes = new CopyOnWriteArrayList<>();

    private volatile boolean closing;

    /** Starts processes and returns when all of them are ready. */
    void start(int number, List<String> arguments) {
        while (size() < number && !this.closing) {
            this.processes.add(new ShopProcess(size() + 1, arguments, this::onEvent));
        }
        for (int ready = 0; ready < number; ready++) {
            if (next(START_TIME) == null) {
                throw new ShowException("Not all processes were ready after " + START_TIME.toSeconds() + " s");
            }
        }
    }

    private void onEvent(SaleEvent event) {
        // What a process says while it is being ended is no news.
        if (!this.closing) {
            this.events.add(event);
        }
    }

    int size() {
        return this.processes.size();
    }

    /** What the operating system calls them. */
    String pids() {
        return this.processes.stream()
                .map(process -> Long.toString(process.pid()))
                .collect(Collectors.joining(", "));
    }

    /** Sends the customers of a pass, the same number to each process as far as that goes. */
    void sell(Pass pass, String productId, int customers) {
        int size = size();
        for (int i = 0; i < size; i++) {
            int share = customers * (i + 1) / size - customers * i / size;
            this.processes.get(i).send(new SaleCommand(pass, productId, share));
        }
    }

    /**
     * Returns the next event, or {@code null} if there is none in time.
     *
     * @throws ShowException if a process has ended or could not serve a customer
     */
    @Nullable SaleEvent next(Duration timeout) {
        SaleEvent event = poll(timeout);
        if (event != null && (event.kind() == Kind.ENDED || event.kind() == Kind.FAILED)) {
            throw new ShowException(event.detail());
        }
        return event;
    }

    private @Nullable SaleEvent poll(Duration timeout) {
        try {
            return this.events.poll(timeout.toNanos(), TimeUnit.NANOSECONDS);
        } catch (InterruptedException ex) {
            Thread.currentThread().interrupt();
            throw new ShowException("Interrupted", ex);
        }
    }

    @Override
    public void close() {
        this.closing = true;
        this.events.add(SaleEvent.of(Kind.ENDED, "somebody asked it to stop"));
        this.processes.forEach(ShopProcess::dismiss);
        this.processes.forEach(ShopProcess::close);
    }
}
