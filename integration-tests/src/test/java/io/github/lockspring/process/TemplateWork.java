package io.github.lockspring.process;

import io.github.lockspring.LockAction;
import io.github.lockspring.LockOperations;
import io.github.lockspring.LockOptions;
import java.time.Duration;

/** {@link ExclusiveWork} by code. */
final class TemplateWork implements ExclusiveWork {

    private static final LockOptions LOCK = LockOptions.named("work").leaseTime(Duration.ofSeconds(1));

    private final LockOperations locks;

    TemplateWork(LockOperations locks) {
        this.locks = locks;
    }

    @Override
    public void await(String key, Runnable work) {
        run(LOCK.key(key).waitTime(Duration.ofMinutes(1)), work);
    }

    @Override
    public void attempt(String key, Runnable work) {
        run(LOCK.key(key).waitTime(Duration.ZERO), work);
    }

    private void run(LockOptions options, Runnable work) {
        this.locks.execute(options, (LockAction<Boolean, RuntimeException>) () -> {
            work.run();
            return true;
        });
    }
}
