package io.github.lockspring.interceptor.other;

import io.github.lockspring.annotation.DistributedLock;
import io.github.lockspring.interceptor.Job;

/** A subclass in another package cannot override its method. */
public class HiddenJob implements Job {

    @Override
    public Object run(String argument) {
        return hidden();
    }

    @DistributedLock
    String hidden() {
        return "hidden";
    }
}
