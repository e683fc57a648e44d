package io.github.lockspring.autoconfigure;

import io.github.lockspring.annotation.DistributedLock;

/** A locked method without name for several classes to inherit. */
public abstract class InheritedWork implements Work {

    @Override
    @DistributedLock(key = "#key")
    public void run(String key, Runnable body) {
        body.run();
    }
}
