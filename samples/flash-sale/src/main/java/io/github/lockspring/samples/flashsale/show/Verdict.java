package io.github.lockspring.samples.flashsale.show;

import io.github.lockspring.samples.support.Conclusion;
import java.util.ArrayList;
import java.util.List;

/** What the figures say. */
final class Verdict {

    private Verdict() {}

    static Conclusion of(PassResult withoutLock, PassResult withLock) {
        String success = "Without lock, " + withoutLock.oversold()
                + " customers bought what did not exist. With @DistributedLock, all " + withLock.sold()
                + " pieces were sold, and not one more.";
        return new Conclusion(success, complaints(withoutLock, withLock));
    }

    private static List<String> complaints(PassResult withoutLock, PassResult withLock) {
        List<String> complaints = new ArrayList<>();
        if (withoutLock.oversold() == 0) {
            complaints.add("Without lock nothing was oversold, so this run proves nothing: more customers or a longer"
                    + " flash-sale.payment-time make it likelier.");
        }
        if (withLock.oversold() > 0) {
            complaints.add("With the lock " + withLock.oversold() + " pieces too many were sold: sales excluded each"
                    + " other no more than without. Is distributed-lock.enabled=false?");
        }
        if (withLock.sold() < withLock.stock()) {
            complaints.add("With the lock only " + withLock.sold() + " of " + withLock.stock() + " pieces were sold.");
        }
        if (withLock.stockLeft() != 0) {
            complaints.add("With the lock the database says that " + withLock.stockLeft() + " pieces are left.");
        }
        int stale = withLock.staleWrites();
        if (stale > 0) {
            complaints.add("With the lock " + (stale == 1 ? "1 write was" : stale + " writes were")
                    + " refused that came after that of a later hold: a process was suspended for longer than"
                    + " distributed-lock.lease-time.");
        }
        return complaints;
    }
}
