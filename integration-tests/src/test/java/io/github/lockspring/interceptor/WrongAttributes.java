package io.github.lockspring.interceptor;

import io.github.lockspring.LockException;
import io.github.lockspring.LockLease;
import io.github.lockspring.LockNotAcquiredException;
import io.github.lockspring.LockStoreException;
import io.github.lockspring.annotation.DistributedLock;
import io.github.lockspring.annotation.NotLocked;
import io.github.lockspring.annotation.OnContention;
import java.io.IOException;

/** Every mistake that can be made with what is around a locked call. */
final class WrongAttributes {

    private WrongAttributes() {}

    static class NoFallback implements Job {

        @Override
        @DistributedLock(fallback = "busy")
        public Object run(String argument) {
            return argument;
        }
    }

    /** None of its fallbacks fits. */
    static class Misfits implements Job {

        @Override
        @DistributedLock(fallback = "busy")
        public Object run(String argument) {
            return argument;
        }

        Object busy() {
            return "without the parameter";
        }

        Object busy(Object argument) {
            return "with another parameter";
        }

        void busy(String argument) {}

        Object busy(String argument, LockStoreException failure) {
            return "for another failure";
        }

        Object busy(String argument, LockException failure) throws IOException {
            throw new IOException("not declared");
        }
    }

    static class Several implements Job {

        @Override
        @DistributedLock(fallback = "busy")
        public Object run(String argument) {
            return argument;
        }

        Object busy(String argument) {
            return argument;
        }

        Object busy(String argument, LockNotAcquiredException failure) {
            return argument;
        }
    }

    @DistributedLock(name = "class", fallback = "busy")
    static class LockedFallback implements Job {

        @Override
        public Object run(String argument) {
            return argument;
        }

        @DistributedLock("other")
        Object busy(String argument) {
            return argument;
        }
    }

    interface Counting {

        int count();
    }

    static class SkippedPrimitive implements Counting {

        @Override
        @DistributedLock(onContention = OnContention.SKIP)
        public int count() {
            return 1;
        }
    }

    static class BadHoldAtLeast implements Job {

        @Override
        @DistributedLock(holdAtLeast = "-1s")
        public Object run(String argument) {
            return argument;
        }
    }

    static class BadMaxHoldTime implements Job {

        @Override
        @DistributedLock(maxHoldTime = "5")
        public Object run(String argument) {
            return argument;
        }
    }

    static class ShorterThanItsLease implements Job {

        @Override
        @DistributedLock(name = "short", maxHoldTime = "10s")
        public Object run(String argument) {
            return argument;
        }
    }

    static class ShorterThanAtLeast implements Job {

        @Override
        @DistributedLock(name = "short", maxHoldTime = "1m", holdAtLeast = "2m")
        public Object run(String argument) {
            return argument;
        }
    }

    static class UnparsableCondition implements Job {

        @Override
        @DistributedLock(condition = "#argument.")
        public Object run(String argument) {
            return argument;
        }
    }

    static class UnknownInCondition implements Job {

        @Override
        @DistributedLock(condition = "#oder != null")
        public Object run(String argument) {
            return argument;
        }
    }

    static class ConstantCondition implements Job {

        @Override
        @DistributedLock(condition = "'urgent'")
        public Object run(String argument) {
            return argument;
        }
    }

    static class TextCondition implements Job {

        @Override
        @DistributedLock(condition = "#argument")
        public Object run(String argument) {
            return argument;
        }
    }

    interface WithLease {

        void run(String argument, LockLease lease);
    }

    static class LeaseInKey implements WithLease {

        @Override
        @DistributedLock(key = "#lease.fencingToken()")
        public void run(String argument, LockLease lease) {}
    }

    static class LeaseInCondition implements WithLease {

        @Override
        @DistributedLock(condition = "#p1 != null")
        public void run(String argument, LockLease lease) {}
    }

    static class BothAnnotations implements Job {

        @Override
        @NotLocked
        @DistributedLock
        public Object run(String argument) {
            return argument;
        }
    }

    static class Fair implements Job {

        @Override
        @DistributedLock(name = "shared", fair = true)
        public Object run(String argument) {
            return argument;
        }
    }

    static class Unfair implements Job {

        @Override
        @DistributedLock(name = "shared")
        public Object run(String argument) {
            return argument;
        }
    }

    static class Everything implements Counting {

        @Override
        @DistributedLock(
                name = "${no.such.property}",
                waitTime = "soon",
                holdAtLeast = "-1s",
                maxHoldTime = "never",
                condition = "1",
                onContention = OnContention.SKIP)
        public int count() {
            return 1;
        }
    }
}
