package io.github.lockspring.samples.flashsale.shop;

/** A write came after that of a later hold of the lock, and was refused. Rolls the transaction back. */
public class StaleWriteException extends RuntimeException {

    private static final long serialVersionUID = 1L;

    StaleWriteException(String productId, long token) {
        super("Stock of " + productId + " was written under a later fencing token than " + token);
    }
}
