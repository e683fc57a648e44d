package io.github.lockspring.redis;

import io.github.lockspring.store.RenewOutcome;
import io.github.lockspring.store.Renewal;
import io.github.lockspring.store.StageFailures;
import io.github.lockspring.store.TenureId;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Renewals that share one call, and thus its overhead. */
record RenewalBatch(List<Renewal> renewals, ScriptCall call) {

    /** Few enough that one call does not keep Redis busy. */
    private static final int LARGEST = 100;

    private static RenewalBatch of(List<Renewal> renewals, KeyLayout layout) {
        int size = renewals.size();
        String start = commonStart(renewals);
        byte[][] keys = new byte[size][];
        byte[][] arguments = new byte[1 + 2 * size][];
        arguments[0] = layout.value(start);
        for (int i = 0; i < size; i++) {
            TenureId tenure = renewals.get(i).tenure();
            keys[i] = layout.lockKey(tenure.fullName())[0];
            arguments[1 + 2 * i] = KeyLayout.bytes(tenure.owner().substring(start.length()));
            arguments[2 + 2 * i] = KeyLayout.millis(renewals.get(i).lease());
        }
        return new RenewalBatch(renewals, new ScriptCall(LockScript.RENEW, keys, arguments));
    }

    /** Owners of one process differ in their last part only. */
    private static String commonStart(List<Renewal> renewals) {
        String owner = renewals.get(0).tenure().owner();
        String start = owner.substring(0, owner.lastIndexOf(':') + 1);
        boolean common =
                renewals.stream().allMatch(each -> each.tenure().owner().startsWith(start));
        return common ? start : "";
    }

    /**
     * Splits renewals into batches, in their order.
     *
     * @param singly whether each is one of its own, as in a cluster: their keys may belong to several servers, and a
     *     call of several keys fails while their slot migrates
     */
    static List<RenewalBatch> of(List<Renewal> renewals, KeyLayout layout, boolean singly) {
        int largest = singly ? 1 : LARGEST;
        List<RenewalBatch> batches = new ArrayList<>();
        for (int from = 0; from < renewals.size(); from += largest) {
            int to = Math.min(from + largest, renewals.size());
            batches.add(of(renewals.subList(from, to), layout));
        }
        return batches;
    }

    /** Whether the server has refused all of them for being several. */
    boolean isRefusedAsSeveral(@Nullable Throwable failure) {
        return failure != null && this.renewals.size() > 1 && CommandFailures.isRefusalOfSeveral(failure);
    }

    /** One outcome for each renewal. If the call failed, none of them is known. */
    RenewOutcome[] outcomes(@Nullable ScriptReply reply, @Nullable Throwable failure) {
        RenewOutcome[] outcomes = new RenewOutcome[this.renewals.size()];
        if (reply == null) {
            Arrays.fill(outcomes, RenewOutcome.failed(failure == null ? null : StageFailures.unwrap(failure)));
            return outcomes;
        }
        Arrays.fill(outcomes, RenewOutcome.RENEWED);
        reply.text(0).lines().forEach(line -> {
            String[] parts = line.split(" ", 2);
            int index = Integer.parseInt(parts[0]) - 1;
            outcomes[index] = notRenewed(parts[1]);
        });
        return outcomes;
    }

    /** The failure does not name the key, which may be masked in logs. */
    private static RenewOutcome notRenewed(String failure) {
        if (failure.isEmpty()) {
            return RenewOutcome.NOT_OWNER;
        }
        return new RenewOutcome.Failed(
                CommandFailures.of(LockScript.RENEW.toString(), new IllegalStateException(failure), true));
    }
}
