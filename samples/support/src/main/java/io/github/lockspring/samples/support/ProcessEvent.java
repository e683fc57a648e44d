package io.github.lockspring.samples.support;

import java.util.Optional;

/**
 * What a process tells the show, as a line of its standard output.
 *
 * @param kind what happened: one of the constants, or a word of the sample
 * @param number a number that belongs to it, zero if none does
 * @param detail words about it, may be empty
 */
public record ProcessEvent(String kind, long number, String detail) {

    /** The process is up and waits for commands. */
    public static final String READY = "READY";

    /** The process has done what it was told. */
    public static final String DONE = "DONE";

    /** The process could not do what it was told; ends the show. */
    public static final String FAILED = "FAILED";

    /** The process has ended; ends the show. Not sent, but noticed. */
    public static final String ENDED = "ENDED";

    private static final String MARK = "@sample ";

    public static ProcessEvent of(String kind, String detail) {
        return new ProcessEvent(kind, 0, detail);
    }

    public boolean is(String kind) {
        return this.kind.equals(kind);
    }

    /** Tells the show that has started this process. */
    public void send() {
        System.out.println(toLine());
    }

    String toLine() {
        return MARK + this.kind + " " + this.number + " " + this.detail.replaceAll("\\R", " ");
    }

    /** Reads a line; empty if it is something else that the process has printed. */
    static Optional<ProcessEvent> parse(String line) {
        if (!line.startsWith(MARK)) {
            return Optional.empty();
        }
        String[] parts = line.substring(MARK.length()).split(" ", 3);
        return Optional.of(new ProcessEvent(parts[0], Long.parseLong(parts[1]), parts[2]));
    }
}
