package io.github.lockspring.samples.cacherefresh.show;

import io.github.lockspring.samples.support.Conclusion;
import java.util.ArrayList;
import java.util.List;

/**
 * What the figures say.
 *
 * @param withoutLock of the pass in which all make a new value
 * @param waiting of the one in which others wait for it
 * @param takeOld of the one in which others take the old one
 */
record Verdict(PassResult withoutLock, PassResult waiting, PassResult takeOld) {

    Conclusion conclusion() {
        List<String> complaints = new ArrayList<>();
        if (this.withoutLock.needlessRebuilds() == 0) {
            complaints.add(
                    "Without lock no value was made more than once, so this run proves nothing: more processes or"
                            + " a longer cache-refresh.rebuild-time make that likelier.");
        }
        for (PassResult withLock : List.of(this.waiting, this.takeOld)) {
            complaints.addAll(complaints(withLock));
        }
        if (this.waiting.awaited() == 0) {
            complaints.add("No reader has waited for the value that another made.");
        }
        if (this.waiting.stale() > 0) {
            complaints.add(this.waiting.stale() + " readers took the old value although they had to wait.");
        }
        if (this.takeOld.stale() == 0) {
            complaints.add("No reader has taken the old value while another made the new one.");
        }
        return new Conclusion(success(), complaints);
    }

    private static List<String> complaints(PassResult withLock) {
        List<String> complaints = new ArrayList<>();
        String pass = withLock.pass().description() + ": ";
        if (withLock.values() < 2) {
            complaints.add(pass + "no value was refreshed.");
        }
        if (withLock.needlessRebuilds() > 0) {
            complaints.add(pass + withLock.rebuilds() + " rebuilds made " + withLock.values()
                    + " values. Is distributed-lock.enabled=false?");
        }
        if (withLock.hits().hits() == 0) {
            complaints.add(pass + "no read was a hit, so this run does not show that hits take no lock.");
        }
        if (withLock.hits().locksOnHits() > 0) {
            complaints.add(pass + withLock.hits().locksOnHits() + " locks were asked for during hits.");
        }
        return complaints;
    }

    private String success() {
        return "Without lock, " + this.withoutLock.rebuilds() + " rebuilds made " + this.withoutLock.values()
                + " values. With @DistributedLock, each value was made once, while others waited for it or took the old"
                + " one, and none of the "
                + (this.waiting.hits().hits() + this.takeOld.hits().hits())
                + " hits took a lock.";
    }
}
