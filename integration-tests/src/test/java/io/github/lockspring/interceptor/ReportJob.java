package io.github.lockspring.interceptor;

import io.github.lockspring.annotation.DistributedLock;

/** Has a namesake in another package. */
public class ReportJob implements Job {

    @Override
    @DistributedLock
    public Object run(String argument) {
        return argument;
    }
}
