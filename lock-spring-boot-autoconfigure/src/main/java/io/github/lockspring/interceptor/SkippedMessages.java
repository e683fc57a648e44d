package io.github.lockspring.interceptor;

import java.util.List;

/** Finds methods that receive messages and skip them: the message is acknowledged as if it had been processed. */
final class SkippedMessages {

    private SkippedMessages() {}

    static List<LockAnnotationProblem> remarks(List<LockOperation> operations) {
        return operations.stream()
                .filter(operation -> operation.skips()
                        && operation.fallback() == null
                        && HandlerMethods.isListener(operation.declaration()))
                .map(operation -> operation
                        .declaration()
                        .problem(
                                "onContention = SKIP",
                                "it receives messages, and one that is skipped is acknowledged although its work is"
                                        + " not done",
                                "Use OnContention.THROW, so that the message is delivered again; SKIP is for work that"
                                        + " the holder of the lock does for all"))
                .toList();
    }
}
