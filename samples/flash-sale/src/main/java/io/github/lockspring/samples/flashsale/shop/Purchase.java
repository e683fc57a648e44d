package io.github.lockspring.samples.flashsale.shop;

/**
 * What came of wanting to buy.
 *
 * @param successful whether the customer got a piece, and not the answer "sold out"
 * @param startedNanos when the sale began after all waiting, as {@link System#nanoTime()}
 */
public record Purchase(boolean successful, long startedNanos) {}
