package io.github.lockspring.samples.flashsale.load;

/** What became of a customer. */
public enum Outcome {
    /** A customer got a piece; the number of the event is how long the sale took to begin, in microseconds. */
    SOLD,
    /** A customer came too late. */
    SOLD_OUT,
    /** A write was refused because of its fencing token. */
    STALE
}
