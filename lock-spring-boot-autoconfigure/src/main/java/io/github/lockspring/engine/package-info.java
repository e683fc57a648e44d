/**
 * Runs locks inside one process. The following explains how its parts work together, and the reason for each rule.
 *
 * <p>All of it is behind {@link io.github.lockspring.engine.DefaultLockEngine}, the only public class except its
 * settings. This package imports the API and the SPI; it knows no particular store, no annotation and no application
 * context. Who has a lock, and whose turn it is among processes, only a store decides; what one of its answers means
 * for the callers of this process is decided here and nowhere else.
 *
 * <h2>Process first, then network</h2>
 *
 * The callers of one process that want one lock wait in a {@link io.github.lockspring.engine.LocalQueue}. One request
 * of theirs is with the store, under an <em>owner</em> of its own, and what it wins is a <em>tenure</em>: the time in
 * which the store knows that owner as the holder. Within it, callers have their <em>holds</em> one after the other,
 * each with its own fencing token; in between, the store is asked only if the lease is too short for the next hold.
 * That is lock cohorting (Dice, Marathe and Shavit, PPoPP 2012), with processes in the role of the nodes of that paper:
 * passing a lock on costs a microsecond in a process, and a round trip between two. A {@link
 * io.github.lockspring.engine.HandOffBudget} limits it, because other processes wait, too: when the budget, or the
 * tokens of one number, are used up, the store lets the tenure go on if no other owner waits, and otherwise gives the
 * lock to the owner that has waited longest. Running threads may take an idle lock ahead of those that sleep, for a
 * millisecond, as Go's {@code sync.Mutex} permits. A fair caller has a queue of its own, so that it takes its own place
 * in the store's queue.
 *
 * <h2>Who knows whom</h2>
 *
 * <pre>
 * DefaultLockEngine → LocalQueue → HandOff → Hold → Tenure → Acquisition, Renewer, Release
 *                         ↓                            ↓            ↓
 *                       Waiter, Waiters             Tenures   Footprint, GrantDating, RequestTerms, RenewalSchedule
 *                                                      ↓            ↓
 * GrantReception, TenureSweep → Tenures → PendingLeaves → TenureState, LeaseValidity → EngineTimer → EngineContext
 * </pre>
 *
 * Calls go to the right and down. Answers come back through listener interfaces: the parts of a tenure notify the
 * tenure, which decides what one answer means for the other parts and notifies its queue, passing itself as the first
 * parameter. Requirements of callers are passed down whenever they change, so that the lower classes do not ask for
 * them. A test verifies that the classes have no cycles, except a hold with its lease, and the kinds of waiters.
 *
 * <h2>The guard</h2>
 *
 * Every queue has one {@link io.github.lockspring.engine.QueueGuard}, which protects it and all of its tenures; what is
 * guarded by it says so. It is held for moments. A store may answer a command immediately, on the same thread and
 * inside the guard: a command is the last step, or the code after it checks the state again. Code that enters the guard
 * of another queue, logs, or belongs to the application runs once the guard is free ({@code afterwards}); {@link
 * io.github.lockspring.engine.PendingLeaves}, whose guard is entered from inside others, enters none. The timer does
 * not wait for a guard: a thread may be stuck inside one, and the leases of all other locks depend on the timer. An
 * {@code Error} may end a call at any point; then the guard is left, and the next sweep finds what stopped half-way:
 * callers that are gone, holds that will never be closed, a tenure that its queue has forgotten.
 *
 * <h2>Time</h2>
 *
 * A {@link io.github.lockspring.engine.LeaseValidity lease} counts from before the store can have set it, less 1 % and
 * 10 ms, so that this process does not believe in a lease that the store has let expire. It is proven while the
 * monotonic and the wall clock both say so: the former may stop in a suspended machine, the latter may be set forward
 * or back. Commands never shorten a lease, except the one that asks whether a tenure may go on, so a lease is the
 * longest that was confirmed, and a command with an unknown outcome does not reduce it. If only the wall clock
 * indicates that the lease of a hold is over, a renewal decides, within the command time-out. The store's clock is
 * compared with itself, never with ours.
 *
 * <h2>Unknown outcomes</h2>
 *
 * A command that was not answered may have been executed, or may still be. Therefore the same owner asks again, which
 * is idempotent, and keeps its place by sending how long it has waited. {@link io.github.lockspring.engine.Footprint}
 * counts the requests that the store may still execute. An owner that the store may know although no caller here wants
 * its lock <em>leaves</em>: this is sent until the store answers, at most a hundred at a time, not again while the
 * store has the command, and once more a command time-out later if one of its commands may arrive after that; after
 * every new connection of the next half minute as well, because the server that answered may no longer have been the
 * primary.
 *
 * <h2>A grant that comes late</h2>
 *
 * The store gives a released lock to a waiting owner and sends a message, which may be late, lost or repeated. What it
 * means depends on the tenure of that owner:
 *
 * <ul>
 *   <li>{@code REQUESTED}: a hold begins with it, if it can be dated ({@link io.github.lockspring.engine.GrantDating})
 *       and at least half of its lease is left. It is dated by the newest answer to a request of that owner, provided
 *       that the request is younger than two seconds and than the connection, and the answer no younger than the grant;
 *       before the first answer by the first request. Otherwise the answer to another request decides, which is sent
 *       immediately, or after the outstanding answer: the lock, with a new lease, or its new holder.
 *   <li>{@code HELD}, {@code RELEASING}: nothing. The lock is the tenure's, and its release gives it back.
 *   <li>{@code LOST}, {@code GONE}, or no tenure: exactly that owner leaves. That changes nothing if the store has
 *       forgotten it, so that no lock of another owner is touched. Not while the engine closes, when work that still
 *       runs must keep what is left of its lock; and not where the owner has no tenure and is from before the last new
 *       connection or subscription: it may be that of a copy of this machine. Then the grant expires by itself.
 * </ul>
 *
 * <h2>Logging</h2>
 *
 * The log messages about a lock are in {@link io.github.lockspring.engine.LockLog}, for all classes: the steps of
 * calls, leases that are lost, waits without limit. Locks are named there, and in exceptions, by their {@link
 * io.github.lockspring.LockName}, which knows whether its key may be shown; never by the full name that the store gets.
 *
 * <h2>Threads</h2>
 *
 * Callers change state themselves, and so do the threads on which the store answers. One timer sweeps: due renewals in
 * one batch, then requests, then leaves. Stages of the application run on its executor, submitted by threads of the
 * engine, and loss listeners on such threads ({@link io.github.lockspring.engine.Callbacks}), never inside a guard.
 * Threads that process responses do not wait for a lock or a release. The names of all threads begin with {@code
 * distributed-lock-}.
 *
 * <h2>Giving up</h2>
 *
 * Three verbs: an owner <em>leaves</em> the store, a caller is <em>withdrawn</em> from its queue, an idle queue is
 * <em>retired</em>. A queue lives as long as it has a caller or a tenure to pass on; of a lock that is neither held nor
 * wanted only its leave is remembered, for half a minute at most.
 */
@NullMarked
package io.github.lockspring.engine;

import org.jspecify.annotations.NullMarked;
