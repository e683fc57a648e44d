package io.github.lockspring.samples.flashsale.load;

import java.util.Optional;

/**
 * What a process tells the show, as a line of its standard output.
 *
 * @param kind what happened
 * @param waitedMicros how long the customer waited for the sale to begin, in microseconds
 * @param detail words about it, may be empty
 */
public record SaleEvent(Kind kind, long waitedMicros, String detail) {

    private static final String MARK = "@flash-sale ";

    /** What can happen. */
    public enum Kind {
        /** The process is up and waits for customers. */
        READY,
        /** A customer got a piece. */
        SOLD,
        /** A customer came too late. */
        SOLD_OUT,
        /** A write was refused because of its fencing token. */
        STALE,
        /** A customer got neither a piece nor an answer. */
        FAILED,
        /** All customers of this pass have been served. */
        DONE,
        /** The process has ended. Not sent, but noticed. */
        ENDED
    }

    public static SaleEvent of(Kind kind, String detail) {
        return new SaleEvent(kind, 0, detail);
    }

    public String toLine() {
        return MARK + this.kind + " " + this.waitedMicros + " " + this.detail.replaceAll("\\R", " ");
    }

    /** Reads a line; empty if it is something else that the process has printed. */
    public static Optional<SaleEvent> parse(String line) {
        if (!line.startsWith(MARK)) {
            return Optional.empty();
        }
        String[] parts = line.substring(MARK.length()).split(" ", 3);
        return Optional.of(new SaleEvent(Kind.valueOf(parts[0]), Long.parseLong(parts[1]), parts[2]));
    }
}
