package io.github.lockspring.interceptor.other;

import io.github.lockspring.annotation.DistributedLock;
import io.github.lockspring.interceptor.Job;

/** Has a namesake in another package. */
public class ReportJob implements Job {

    @Override
    @DistributedLock
    public Object run(String argument) {
        return argument;
    }
}
