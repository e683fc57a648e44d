package io.github.lockspring.samples.flashsale.page;

import java.io.IOException;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.ThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import org.springframework.http.MediaType;
import org.springframework.web.servlet.mvc.method.annotation.SseEmitter;

/**
 * Sends the latest figures to every open page, from a thread of its own: a slow reader misses figures, and does not keep
 * the sale.
 */
public final class FigureBoard {

    /** Takes nothing more once it has been closed. */
    private final ExecutorService sender = new ThreadPoolExecutor(
            1,
            1,
            0,
            TimeUnit.SECONDS,
            new LinkedBlockingQueue<>(),
            FigureBoard::thread,
            new ThreadPoolExecutor.DiscardPolicy());

    private final Set<SseEmitter> readers = ConcurrentHashMap.newKeySet();

    private final AtomicBoolean due = new AtomicBoolean();

    private volatile Figures latest;

    FigureBoard(Figures first) {
        this.latest = first;
    }

    private static Thread thread(Runnable task) {
        Thread thread = new Thread(task, "figures");
        thread.setDaemon(true);
        return thread;
    }

    /** Shows figures in place of the former ones. Returns at once. */
    public void show(Figures figures) {
        this.latest = figures;
        if (this.due.compareAndSet(false, true)) {
            this.sender.execute(this::sendToAll);
        }
    }

    /** A page has been opened. */
    SseEmitter subscribe() {
        SseEmitter reader = new SseEmitter(0L);
        reader.onCompletion(() -> this.readers.remove(reader));
        this.sender.execute(() -> {
            this.readers.add(reader);
            send(reader, this.latest);
        });
        return reader;
    }

    private void sendToAll() {
        this.due.set(false);
        Figures figures = this.latest;
        this.readers.forEach(reader -> send(reader, figures));
    }

    private void send(SseEmitter reader, Figures figures) {
        try {
            reader.send(SseEmitter.event().data(figures, MediaType.APPLICATION_JSON));
        } catch (IOException | IllegalStateException ex) {
            // The page has been closed.
            this.readers.remove(reader);
        }
    }

    /** Ends what is sent, after the latest figures. */
    public void close() {
        this.sender.execute(() -> this.readers.forEach(SseEmitter::complete));
        this.sender.shutdown();
        try {
            boolean unused = this.sender.awaitTermination(1, TimeUnit.SECONDS);
        } catch (InterruptedException ex) {
            Thread.currentThread().interrupt();
        }
    }
}
