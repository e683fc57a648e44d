package io.github.lockspring.process;

import io.github.lockspring.LockAction;
import io.github.lockspring.LockOperations;
import io.github.lockspring.LockOptions;
import java.time.Duration;

/** {@link ExclusiveWork} by code. */
final class TemplateWork implements ExclusiveWork {

    private final LockOperations locks;

    private final LockOptions lock;

    TemplateWork(LockOperations locks, Duration leaseTime) {
        this.locks = locks;
        this.lock = LockOptions.named("work").leaseTime(leaseTime);
    }

    @Override
    public void await(String key, Runnable work) {
        run(this.lock.key(key).waitTime(Duration.ofMinutes(1)), work);
    }

    @Override
    public void attempt(String key, Runnable work) {
        run(this.lock.key(key).waitTime(Duration.ZERO), work);
    }

    private void run(LockOptions options, Runnable work) {
        this.locks.call(options, (LockAction<Boolean, RuntimeException>) () -> {
            work.run();
            return true;
        });
    }
}
