package io.github.lockspring.engine;

/** Time as the engine knows it: the only source of nanoseconds, timers and parking. */
interface EngineClock {

    long nanoTime();

    /** The wall clock, in milliseconds of the epoch. Only shortens what {@link #nanoTime} proves. */
    long wallTimeMillis();

    /**
     * Runs a task once, on the timer thread. Tasks change state and send; they never block.
     *
     * @param delayNanos from now; not positive means as soon as possible
     * @param task the task
     * @return cancels it
     */
    Timer schedule(long delayNanos, Runnable task);

    /** Parks the current thread until it is unparked, interrupted, or the time is over; may return early. */
    void park(Object blocker, long nanos);

    /** Ends the timer thread; timers not due yet never run. */
    void shutdown();

    /** A scheduled task. */
    interface Timer {

        void cancel();
    }
}
