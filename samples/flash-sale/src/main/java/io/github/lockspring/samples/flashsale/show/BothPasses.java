package io.github.lockspring.samples.flashsale.show;

import io.github.lockspring.samples.flashsale.load.Pass;
import io.github.lockspring.samples.support.Conclusion;
import java.io.PrintStream;
import java.util.List;

/** Runs both passes and compares. */
final class BothPasses implements Programme {

    @Override
    public Conclusion perform(PassRunner passes, PrintStream out) {
        PassResult withoutLock = passes.run(Pass.WITHOUT_LOCK, Pass.WITHOUT_LOCK.productId());
        PassResult withLock = passes.run(Pass.WITH_LOCK, Pass.WITH_LOCK.productId());
        out.printf("%n%s%n%n", PassResult.table(List.of(withoutLock, withLock)));
        return Verdict.of(withoutLock, withLock);
    }
}
