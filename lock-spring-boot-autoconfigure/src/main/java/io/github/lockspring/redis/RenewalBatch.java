package io.github.lockspring.redis;

import io.github.lockspring.RenewOutcome;
import io.github.lockspring.Renewal;
import io.github.lockspring.TenureId;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;

/** Renewals that share one call, and so what it costs beside its commands. */
final class RenewalBatch {

    /** Few enough that one call does not keep Redis busy. */
    private static final int LARGEST = 100;

    private final int size;

    private final ScriptCall call;

    private RenewalBatch(List<Renewal> renewals, KeyLayout layout) {
        this.size = renewals.size();
        byte[][] keys = new byte[this.size][];
        byte[][] arguments = new byte[2 * this.size][];
        for (int i = 0; i < this.size; i++) {
            TenureId tenure = renewals.get(i).tenure();
            keys[i] = layout.lockKey(tenure.fullName())[0];
            arguments[2 * i] = layout.value(tenure.owner());
            arguments[2 * i + 1] = millis(renewals.get(i).lease());
        }
        this.call = new ScriptCall(LockScript.RENEW, keys, arguments);
    }

    /**
     * Splits renewals into batches, in their order. In a cluster each is one of its own: their keys may belong to several
     * servers, and a call of several keys fails while their slot migrates.
     */
    static List<RenewalBatch> of(List<Renewal> renewals, KeyLayout layout, boolean clustered) {
        int largest = clustered ? 1 : LARGEST;
        List<RenewalBatch> batches = new ArrayList<>();
        for (int from = 0; from < renewals.size(); from += largest) {
            int to = Math.min(from + largest, renewals.size());
            batches.add(new RenewalBatch(renewals.subList(from, to), layout));
        }
        return batches;
    }

    ScriptCall call() {
        return this.call;
    }

    /** One outcome for each renewal. Where the call failed, nothing is known about any of them. */
    List<RenewOutcome> outcomes(@Nullable ScriptReply reply, @Nullable Throwable failure) {
        if (reply == null) {
            Throwable cause = failure != null ? CommandFailures.unwrap(failure) : new IllegalStateException("no reply");
            return Collections.nCopies(this.size, new RenewOutcome.Failed(cause));
        }
        return IntStream.range(0, this.size)
                .mapToObj(index -> outcome(reply, index))
                .toList();
    }

    private RenewOutcome outcome(ScriptReply reply, int index) {
        if (!reply.isNumber(index)) {
            return new RenewOutcome.Failed(CommandFailures.of(this.call, new IllegalStateException(reply.text(index))));
        }
        return reply.number(index) == 1 ? RenewOutcome.RENEWED : RenewOutcome.NOT_OWNER;
    }

    private static byte[] millis(Duration duration) {
        return KeyLayout.bytes(Long.toString(Math.max(1, duration.toMillis())));
    }
}
