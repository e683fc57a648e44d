package io.github.lockspring.engine;

import io.github.lockspring.store.LockStore;
import io.github.lockspring.store.Logged;
import io.github.lockspring.store.RenewOutcome;
import io.github.lockspring.store.Renewal;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.function.BiConsumer;

/** Commands that are sent together: first renewals, in one batch, because leases depend on them, then requests. */
final class DueCommands {

    private final List<DueRenewal> renewals = new ArrayList<>(1);

    private final List<Runnable> requests = new ArrayList<>(0);

    void renew(Renewal renewal, BiConsumer<RenewOutcome, Throwable> answered) {
        this.renewals.add(new DueRenewal(renewal, answered));
    }

    void request(Runnable request) {
        this.requests.add(request);
    }

    void send(LockStore store) {
        if (!this.renewals.isEmpty()) {
            renew(store);
        }
        for (Runnable request : this.requests) {
            Logged.run("A request could not be sent again; it is tried again later", request);
        }
    }

    private void renew(LockStore store) {
        List<CompletionStage<RenewOutcome>> stages;
        try {
            stages = store.renew(this.renewals.stream().map(DueRenewal::renewal).toList());
        } catch (RuntimeException | Error ex) {
            stages = Collections.nCopies(this.renewals.size(), CompletableFuture.failedFuture(ex));
        }
        for (int i = 0; i < stages.size(); i++) {
            stages.get(i).whenComplete(this.renewals.get(i).answered());
        }
    }

    private record DueRenewal(Renewal renewal, BiConsumer<RenewOutcome, Throwable> answered) {}
}
