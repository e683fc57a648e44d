package io.github.lockspring.testredis;

/** An error reply of Redis, as the server worded it. */
public final class RespException extends RuntimeException {

    private static final long serialVersionUID = 1L;

    RespException(String reply) {
        super(reply);
    }
}
