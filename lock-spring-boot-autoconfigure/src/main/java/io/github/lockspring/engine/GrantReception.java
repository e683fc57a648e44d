package io.github.lockspring.engine;

import io.github.lockspring.store.Grant;
import io.github.lockspring.store.GrantListener;
import io.github.lockspring.store.TenureId;

/**
 * Finds the tenure that a grant is for, and gives back a grant that no caller waits for. Changes of the store's
 * connections are handled by the timer: the thread may be inside a guard.
 */
record GrantReception(EngineContext engine, Tenures tenures) implements GrantListener {

    @Override
    public void onGrant(Grant grant) {
        String owner = grant.owner();
        Tenures.Entry tenure = this.tenures.of(owner);
        if (tenure != null) {
            tenure.granted(grant);
        } else if (this.engine.owners.isOfPresentMark(owner) && !this.engine.closed) {
            PendingLeaves leaves = this.tenures.leaves();
            TenureId gone = TenureId.exclusive(grant.fullName(), owner);
            leaves.add(gone, leaves.isToLeaveAgain(owner)).send();
        }
    }

    @Override
    public void onLost(TenureId tenure) {
        Tenures.Entry entry = this.tenures.of(tenure.owner());
        if (entry != null) {
            entry.disowned();
        }
    }

    @Override
    public void onListening(boolean listening) {
        if (listening) {
            this.engine.owners.renew();
        }
        this.engine.listening(listening);
        this.tenures.timer().within(0);
    }

    @Override
    public void onReconnected() {
        this.engine.connectionChanged();
        this.engine.owners.renew();
        this.tenures.leaves().reconnected();
    }
}
