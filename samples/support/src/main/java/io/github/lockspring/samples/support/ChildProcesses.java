package io.github.lockspring.samples.support;

import java.time.Duration;
import java.util.List;
import java.util.Locale;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.function.IntFunction;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/**
 * All processes of a sample, and one queue of what they tell. They are numbered from 1. Ended when the show is over, or
 * closed from another thread.
 */
public final class ChildProcesses implements AutoCloseable {

    private static final Duration START_TIME = Duration.ofSeconds(90);

    private final Class<?> application;

    private final BlockingQueue<ProcessEvent> events = new LinkedBlockingQueue<>();

    private final List<ChildProcess> processes = new CopyOnWriteArrayList<>();

    private volatile boolean closing;

    /**
     * Creates a set of processes, still empty.
     *
     * @param application what has the main method to run
     */
    public ChildProcesses(Class<?> application) {
        this.application = application;
    }

    /**
     * Starts processes and returns when all of them are ready.
     *
     * @param size how many
     * @param arguments of the process with a number
     * @return what they are called by the operating system, and how long they took
     */
    public String start(int size, IntFunction<List<String>> arguments) {
        long start = System.nanoTime();
        while (size() < size && !this.closing) {
            int number = size() + 1;
            List<String> command = JavaCommand.of(this.application, arguments.apply(number));
            this.processes.add(new ChildProcess(number, command, this::onEvent));
        }
        for (int ready = 0; ready < size; ready++) {
            awaitReady();
        }
        String pids = pids().stream().map(String::valueOf).collect(Collectors.joining(", "));
        return String.format(Locale.ROOT, "%s, ready after %.1f s", pids, (System.nanoTime() - start) / 1e9);
    }

    /** What a process does of its own accord meanwhile is not yet part of the show. */
    private void awaitReady() {
        ProcessEvent event;
        do {
            event = next(START_TIME);
            if (event == null) {
                throw new ShowException("Not all processes were ready after " + START_TIME.toSeconds() + " s");
            }
        } while (!event.is(ProcessEvent.READY));
    }

    private void onEvent(ProcessEvent event) {
        // What a process says while it is being ended is no news.
        if (!this.closing) {
            this.events.add(event);
        }
    }

    public int size() {
        return this.processes.size();
    }

    /** What the operating system calls them, in the order of their numbers. */
    public List<Long> pids() {
        return this.processes.stream().map(ChildProcess::pid).toList();
    }

    /** How many have not been killed. */
    public int alive() {
        return (int)
                this.processes.stream().filter(process -> !process.isKilled()).count();
    }

    /** Tells a process what to do. */
    public void send(int number, String command) {
        this.processes.get(number - 1).send(command);
    }

    /** Kills a process, as part of the show. Returns when it has ended. */
    public void kill(int number) {
        this.processes.get(number - 1).kill();
    }

    /**
     * Returns the next event, or {@code null} if there is none in time.
     *
     * @throws ShowException if a process has failed, or has ended without having been killed
     */
    public @Nullable ProcessEvent next(Duration timeout) {
        ProcessEvent event = poll(timeout);
        if (event != null && (event.is(ProcessEvent.ENDED) || event.is(ProcessEvent.FAILED))) {
            throw new ShowException(event.detail());
        }
        return event;
    }

    private @Nullable ProcessEvent poll(Duration timeout) {
        try {
            return this.events.poll(timeout.toNanos(), TimeUnit.NANOSECONDS);
        } catch (InterruptedException ex) {
            Thread.currentThread().interrupt();
            throw new ShowException("Interrupted", ex);
        }
    }

    /** Has all processes end in good order, and does not wait for that. */
    public void dismiss() {
        this.closing = true;
        this.events.add(ProcessEvent.of(ProcessEvent.ENDED, "somebody asked it to stop"));
        this.processes.forEach(ChildProcess::dismiss);
    }

    @Override
    public void close() {
        dismiss();
        this.processes.forEach(ChildProcess::close);
    }
}
