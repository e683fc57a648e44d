package io.github.lockspring.samples.flashsale.page;

import java.io.IOException;
import java.time.Duration;
import java.util.HashSet;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import org.springframework.http.MediaType;
import org.springframework.web.servlet.mvc.method.annotation.SseEmitter;

/**
 * Sends the latest figures to every open page, each from a thread of its own: a slow reader misses figures, and keeps
 * neither the sale nor the other readers.
 */
public final class FigureBoard {

    private static final Duration TIME_TO_END = Duration.ofSeconds(1);

    private final Set<SseEmitter> readers = new HashSet<>();

    private Figures latest;

    private boolean closed;

    FigureBoard(Figures first) {
        this.latest = first;
    }

    /** Shows figures in place of the former ones. Returns at once. */
    public synchronized void show(Figures figures) {
        this.latest = figures;
        notifyAll();
    }

    /** A page has been opened. */
    synchronized SseEmitter subscribe() {
        SseEmitter reader = new SseEmitter(0L);
        reader.onCompletion(() -> remove(reader));
        this.readers.add(reader);
        Thread thread = new Thread(() -> sendAll(reader), "figures");
        thread.setDaemon(true);
        thread.start();
        return reader;
    }

    private void sendAll(SseEmitter reader) {
        try {
            for (Figures next = next(reader, null); next != null; next = next(reader, next)) {
                reader.send(SseEmitter.event().data(next, MediaType.APPLICATION_JSON));
            }
            reader.complete();
        } catch (IOException | IllegalStateException ex) {
            // The page has been closed.
        } catch (InterruptedException ex) {
            Thread.currentThread().interrupt();
        } finally {
            remove(reader);
        }
    }

    /** The latest figures once they differ from those sent last, {@code null} if there will be none. */
    private synchronized @Nullable Figures next(SseEmitter reader, @Nullable Figures sent) throws InterruptedException {
        while (this.latest.equals(sent) && !this.closed && this.readers.contains(reader)) {
            wait();
        }
        return !this.latest.equals(sent) && this.readers.contains(reader) ? this.latest : null;
    }

    private synchronized void remove(SseEmitter reader) {
        this.readers.remove(reader);
        notifyAll();
    }

    /** Ends what is sent, after the latest figures. Waits a moment for that. */
    public synchronized void close() {
        this.closed = true;
        notifyAll();
        long end = System.nanoTime() + TIME_TO_END.toNanos();
        try {
            for (long left = TIME_TO_END.toMillis(); left > 0 && !this.readers.isEmpty(); ) {
                wait(left);
                left = Duration.ofNanos(end - System.nanoTime()).toMillis();
            }
        } catch (InterruptedException ex) {
            Thread.currentThread().interrupt();
        }
    }
}
