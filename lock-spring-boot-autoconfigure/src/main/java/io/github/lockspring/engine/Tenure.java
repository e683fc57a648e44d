package io.github.lockspring.engine;

import io.github.lockspring.LockHolder;
import io.github.lockspring.LockName;
import io.github.lockspring.LockRequest;
import io.github.lockspring.LockStoreException;
import io.github.lockspring.store.Grant;
import io.github.lockspring.store.ReleaseOutcome;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import org.jspecify.annotations.Nullable;

/**
 * The time in which one owner deals with the store for one lock: asks for it, has it, gives it back. Its parts do that;
 * this class decides what an answer to one part means for the others. Guarded by the queue unless stated otherwise;
 * methods send as their last step, because a store may answer immediately.
 */
final class Tenure implements Tenures.Entry, Acquisition.Listener, Renewer.Listener, Release.Listener {

    private final Tenures tenures;

    private final TenureListener<Tenure> listener;

    final TenureState state;

    private final LeaseValidity lease;

    private final Footprint footprint;

    private final Acquisition acquisition;

    final Renewer renewer;

    private final Release release;

    Tenure(
            EngineContext engine,
            Tenures tenures,
            QueueGuard guard,
            TenureListener<Tenure> listener,
            LockName name,
            boolean fair,
            long now) {
        this.tenures = tenures;
        this.listener = listener;
        this.state = new TenureState(engine, tenures.timer(), guard, name, now);
        this.lease = new LeaseValidity(engine.clock, engine.noLease);
        this.footprint = new Footprint(this.state, tenures.leaves());
        this.acquisition = new Acquisition(this.state, this.lease, this.footprint, tenures, this, fair, now);
        this.renewer = new Renewer(this.state, this.lease, this);
        this.release = new Release(this.state, this.lease, this.footprint, this);
    }

    boolean isRequested() {
        return this.state.isRequested();
    }

    boolean isHeld() {
        return this.state.isHeld();
    }

    /** Whether the store has not answered a request, or a release, in time. */
    boolean isUnanswered(long now) {
        return (isRequested() || this.state.isReleasing()) && this.state.leftToAnswer(now) <= 0;
    }

    /** Whether the newest request, or a renewal, has not been answered. */
    boolean awaitsAnswer() {
        return isRequested() ? this.acquisition.awaitsAnswer() : this.renewer.awaitsAnswer();
    }

    /** This owner as the holder of the lock. */
    LockHolder holder() {
        return new LockHolder(this.state.id.owner(), remaining());
    }

    /** The other owner that is known to have the lock; {@code null} if it is not known, or the lock is free. */
    @Nullable LockHolder contender(long now) {
        return this.acquisition.contender(now);
    }

    /** Whether both clocks prove the lease. Needs no guard. */
    boolean isProven() {
        return this.lease.isProven();
    }

    /** Whether the lease is certainly over. Needs no guard. */
    boolean isOver(long now) {
        return this.lease.leftUntilOver(now) <= 0;
    }

    /** How much longer the lease is proven. Needs no guard. */
    Duration remaining() {
        return this.lease.remaining();
    }

    /** Whether the remaining lease is enough for a first hold. */
    boolean allowsFirst(LockRequest request, long now) {
        return this.lease.allowsFirst(request, now);
    }

    /** Whether the remaining lease is enough for a hold to begin, after the previous one has ended at that time. */
    boolean covers(LockRequest request, long idleSince, long now) {
        return this.lease.covers(request, idleSince, now);
    }

    /** When the newest command was sent that set the lease. */
    long leaseSetAt() {
        return this.lease.start();
    }

    @Override
    public Release release() {
        return this.release;
    }

    /** What the callers require from the store: every request from now on asks for it. */
    void wanted(Duration lease, long until) {
        this.acquisition.wanted(lease, until);
    }

    /** Asks the store for the lock, for the first time. */
    void ask(long now) {
        this.acquisition.ask(now);
    }

    /** Another caller has come. */
    void entered(long now) {
        this.acquisition.entered(now);
    }

    /** A hold begins: from now on, renewals request its lease. */
    void holdBegins(LockRequest request, boolean covered, long now) {
        this.renewer.holdBegins(request, covered, now);
    }

    void holdEnds() {
        this.renewer.holdEnds();
    }

    /** Renews the lease for a coming hold immediately. */
    void extend(Duration length, long now) {
        this.renewer.extend(length, now);
    }

    /**
     * Renews the lease for the present hold: immediately if that is due or another caller waits, otherwise when it is
     * due.
     */
    void extendIfDue(boolean followed, long now) {
        this.renewer.extendIfDue(followed, now);
    }

    /** Asks the store whether it may go on with a new number. */
    void keep(Duration wanted, long now) {
        this.release.keep(wanted, now);
    }

    /** No caller here wants the lock any longer, or others must have it: gives it back, or stops asking for it. */
    void leave(long now) {
        if (isRequested()) {
            gone(this.footprint.maybeQueued(), false);
        } else if (isHeld()) {
            this.release.free(now);
        }
    }

    /** Has the lease last for at least a time from now on; done when the store has answered. */
    CompletableFuture<Void> prolong(Duration time, long now) {
        return new LeaseExtension(this.state, this.lease, this.renewer).send(time, now);
    }

    /** The last hold has ended, and others are kept out for a while: the store lets the lock expire. */
    void expire(Duration remainder, long now) {
        this.footprint.letExpire();
        this.release.expire(remainder, now);
    }

    /** The lost hold has ended: any entry in the store can be removed before it expires. */
    void leaveAfterLoss() {
        this.footprint.leaveAfterLoss();
    }

    /** Its holds are no longer protected while their work continues; the store lets the lock expire. */
    void letExpire() {
        this.footprint.letExpire();
        lost(false);
    }

    @Override
    public void acquired(LeaseValidity.Setting setting, long number, long now) {
        switch (this.state.phase()) {
            case REQUESTED -> begin(setting, number, now);
            case HELD -> this.lease.confirm(setting, now);
            case RELEASING, LOST, GONE -> this.footprint.found();
        }
    }

    @Override
    public void contended(long now) {
        this.listener.contended(this, now);
    }

    @Override
    public void failed(LockStoreException failure, long now) {
        this.listener.failed(this, failure, now);
    }

    @Override
    public void refused(LockStoreException failure, long now) {
        leave(now);
        this.listener.refused(this, failure, now);
    }

    /** A grant to an owner that waits begins a hold; a lock that it has, or is giving back, it has anyway. */
    @Override
    public void granted(Grant grant) {
        this.state.guard.run(now -> {
            switch (this.state.phase()) {
                case REQUESTED -> this.acquisition.granted(grant, now);
                case HELD, RELEASING -> {} // its release gives it back
                case LOST, GONE -> this.footprint.found();
            }
        });
    }

    @Override
    public void disowned() {
        this.state.guard.run(this.renewer::disowned);
    }

    @Override
    public void renewed(boolean extended, long now) {
        this.listener.renewed(this, extended, now);
    }

    @Override
    public void lost(String reason, boolean lingers, long now) {
        lost(lingers);
        this.listener.lost(this, reason, now);
    }

    private void lost(boolean lingers) {
        this.footprint.lost(lingers);
        this.release.settle(null);
        end(TenureState.Phase.LOST);
    }

    @Override
    public void kept(LeaseValidity.Setting setting, long number, long now) {
        begin(setting, number, now);
    }

    @Override
    public void over(@Nullable ReleaseOutcome outcome, @Nullable LockStoreException failure, long now) {
        gone(this.footprint.isLeftByRelease(failure != null), failure != null && StoreFailures.isUnknown(failure));
        this.listener.gone(this, outcome, failure, now);
    }

    @Override
    public long idleFor(long now) {
        return this.state.idleFor(now);
    }

    @Override
    public long check(DueCommands due) {
        return this.state.guard.tryCall(now -> {
            int changes = this.state.engine.connectionChanges();
            this.listener.checked(this, now);
            long idle = switch (this.state.phase()) {
                case REQUESTED -> this.acquisition.check(due, this.state.isNews(changes), now);
                case HELD -> this.renewer.check(due, now);
                case RELEASING -> this.release.check(now);
                case LOST, GONE -> Nanos.FOREVER;
            };
            return this.state.looked(idle, changes, now);
        });
    }

    /** The lock is this owner's, with the lease that this command has set. */
    private void begin(LeaseValidity.Setting setting, long number, long now) {
        this.lease.begin(setting);
        this.footprint.begins();
        this.renewer.begin(now);
        this.state.become(TenureState.Phase.HELD);
        this.listener.acquired(this, number, now);
    }

    /** The end; stages that wait for the release wait for the owner to leave, which ensures it. */
    private void gone(boolean maybeKnown, boolean again) {
        this.release.settle(maybeKnown ? this.footprint.leave(again) : null);
        end(TenureState.Phase.GONE);
    }

    private void end(TenureState.Phase end) {
        this.renewer.end();
        this.state.become(end);
        this.tenures.remove(this.state.id, this);
    }
}
