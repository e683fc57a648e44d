package io.github.lockspring.interceptor;

import io.github.lockspring.annotation.DistributedLock;
import io.github.lockspring.interceptor.other.HiddenJob;
import java.util.concurrent.Callable;

/** Every mistake that can be made with an annotation, some of them with one kind of proxy only. */
final class WrongJobs {

    private WrongJobs() {}

    static class UnknownVariable implements Job {

        @Override
        @DistributedLock(key = "#oder")
        public Object run(String argument) {
            throw new AssertionError("must not run");
        }
    }

    public static class NamesNeeded implements Job {

        @Override
        @DistributedLock(key = "#argument")
        public Object run(String argument) {
            return argument;
        }
    }

    static class Unparsable implements Job {

        @Override
        @DistributedLock(key = "#argument.")
        public Object run(String argument) {
            return argument;
        }
    }

    static class BadDuration implements Job {

        @Override
        @DistributedLock(waitTime = "soon")
        public Object run(String argument) {
            return argument;
        }
    }

    static class ShortLease implements Job {

        @Override
        @DistributedLock(leaseTime = "100ms")
        public Object run(String argument) {
            return argument;
        }
    }

    static class Unresolvable implements Job {

        @Override
        @DistributedLock("${no.such.property}")
        public Object run(String argument) {
            return argument;
        }
    }

    interface OverloadedJob extends Job {

        Object run(String argument, int number);
    }

    static class Overloads implements OverloadedJob {

        @Override
        @DistributedLock
        public Object run(String argument) {
            return argument;
        }

        @Override
        @DistributedLock
        public Object run(String argument, int number) {
            return argument;
        }
    }

    static class LaterResult implements Job {

        @Override
        @DistributedLock
        public Callable<String> run(String argument) {
            return () -> argument;
        }
    }

    static class PrivateMethod implements Job {

        @Override
        public Object run(String argument) {
            return hidden();
        }

        @DistributedLock
        private String hidden() {
            return "hidden";
        }
    }

    static class StaticMethod implements Job {

        @Override
        public Object run(String argument) {
            return utility();
        }

        @DistributedLock
        static String utility() {
            return "utility";
        }
    }

    static class FinalMethod implements Job {

        @Override
        @DistributedLock
        public final Object run(String argument) {
            return argument;
        }
    }

    @DistributedLock("class")
    static class FinalOfClass implements Job {

        @Override
        public final Object run(String argument) {
            return argument;
        }
    }

    static class FinalAndUnknown implements Job {

        @Override
        @DistributedLock(key = "#oder")
        public final Object run(String argument) {
            return argument;
        }
    }

    static class Unreachable implements Job {

        @Override
        public Object run(String argument) {
            return argument;
        }

        @DistributedLock
        public void extra() {}
    }

    static class HeirElsewhere extends HiddenJob {}
}
