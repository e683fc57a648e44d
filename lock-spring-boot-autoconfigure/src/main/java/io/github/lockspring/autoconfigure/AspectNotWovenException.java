package io.github.lockspring.autoconfigure;

/** The woven aspect is configured, but AspectJ does not know it: annotated methods would run without a lock. */
final class AspectNotWovenException extends RuntimeException {

    private static final long serialVersionUID = 1L;

    AspectNotWovenException(Throwable cause) {
        super(
                "distributed-lock.advice-mode=aspectj, but DistributedLockAspect has not been woven: methods annotated"
                        + " with @DistributedLock would run without a lock",
                cause);
    }
}
