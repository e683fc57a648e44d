package io.github.lockspring.benchmarks.contender;

import io.github.lockspring.LockLease;
import io.github.lockspring.LockOperations;
import io.github.lockspring.LockOptions;
import java.time.Duration;
import java.util.concurrent.CompletionStage;
import org.springframework.context.ConfigurableApplicationContext;

/** This lock as its starter configures it, through the template. */
final class TemplateContender implements Contender {

    private final ConfigurableApplicationContext application;

    private final LockOperations locks;

    TemplateContender(ContenderSettings settings, String store) {
        this.application = LockSpringApplication.run(settings, store);
        this.locks = this.application.getBean(LockOperations.class);
    }

    @Override
    public Locking locking(String key) {
        LockOptions options = options(key);
        return section -> this.locks.execute(options, lease -> {
            section.run(lease.fencingToken());
            return true;
        });
    }

    @Override
    public Held hold(String key) {
        LockLease lease = this.locks.acquire(options(key));
        return new Held() {

            @Override
            public boolean isHeld() {
                return lease.isHeld();
            }

            @Override
            public void close() {
                lease.close();
            }
        };
    }

    @Override
    public CompletionStage<?> attempt(String key) {
        return this.locks.acquireAsync(options(key).waitTime(Duration.ZERO)).thenAccept(LockLease::close);
    }

    private static LockOptions options(String key) {
        return LockOptions.named("benchmarks").key(key);
    }

    @Override
    public void close() {
        this.application.close();
    }
}
