package io.github.lockspring.samples.flashsale.load;

import io.github.lockspring.LockName;
import io.github.lockspring.samples.support.ProcessEvent;

/**
 * What one process says of one lock: what has happened since its start, and how it was at one moment.
 *
 * @param lock full name of the lock
 * @param acquired how often a caller of the process got it
 * @param handedOff how many of these got it from another caller of the same process
 * @param handedOver how often the process handed it over to another one
 * @param waiting callers of the process that waited for it
 * @param token fencing token of its latest caller that got it, zero if none did
 * @param holder thread of that caller
 * @param held whether that caller had it still
 */
public record LockReport(
        String lock,
        long acquired,
        long handedOff,
        long handedOver,
        int waiting,
        long token,
        String holder,
        boolean held) {

    /** What an event with a report is called; its number is that of the process. */
    public static final String KIND = "LOCK";

    private static final String SEPARATOR = "\t";

    public boolean isOf(LockName name) {
        return this.lock.equals(name.fullName());
    }

    public ProcessEvent toEvent(int process) {
        String detail = String.join(
                SEPARATOR,
                this.lock,
                Long.toString(this.acquired),
                Long.toString(this.handedOff),
                Long.toString(this.handedOver),
                Integer.toString(this.waiting),
                Long.toString(this.token),
                Boolean.toString(this.held),
                this.holder);
        return new ProcessEvent(KIND, process, detail);
    }

    public static LockReport parse(ProcessEvent event) {
        String[] parts = event.detail().split(SEPARATOR, 8);
        return new LockReport(
                parts[0],
                Long.parseLong(parts[1]),
                Long.parseLong(parts[2]),
                Long.parseLong(parts[3]),
                Integer.parseInt(parts[4]),
                Long.parseLong(parts[5]),
                parts[7],
                Boolean.parseBoolean(parts[6]));
    }
}
