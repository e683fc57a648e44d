/**
 * Runs locks inside one process. What follows is how its parts fit together, and why each rule is there.
 *
 * <h2>Process first, then network</h2>
 *
 * The callers of one process that want one lock wait in a {@link io.github.lockspring.engine.LocalQueue}. Only one request
 * of theirs is with the store, under an <em>owner</em> of its own, and what it wins is a <em>tenure</em>: the time in which
 * the store knows that owner as the holder. Within it, callers have their <em>holds</em> one after the other, each with a
 * fencing token, without a command in between. That is lock cohorting (Dice, Marathe and Shavit, PPoPP 2012), with processes
 * for the nodes of that paper: passing a lock on costs a microsecond in a process, and a round trip between two. A
 * {@link io.github.lockspring.engine.HandOffBudget} limits it, since others wait too: when it is spent, one command asks
 * the store, which lets the tenure go on if nobody waits there and otherwise gives the lock to whoever has waited longest.
 * Running threads may take an idle lock ahead of those that sleep, for a millisecond, as Go's {@code sync.Mutex} permits.
 *
 * <h2>Who knows whom</h2>
 *
 * <pre>
 * DefaultLockEngine → LocalQueue → HandOff → Hold, Waiter
 *                         ↓          ↓
 *                       Tenure → Acquisition, Renewer, Release → Footprint, RenewalSchedule → TenureState, LeaseValidity
 * GrantReception, TenureSweep → Tenures → PendingLeaves → EngineTimer → EngineContext
 * </pre>
 *
 * Calls go to the right. Answers come back through listener interfaces that the lower class declares: the parts of a tenure
 * tell the tenure, which decides what one answer means for the other parts and tells its queue, itself being the first
 * parameter. What callers want is handed down whenever it changes, so that nothing below asks for it. A test holds that the
 * classes form no circle.
 *
 * <h2>The guard</h2>
 *
 * Every queue has one {@link io.github.lockspring.engine.QueueGuard}, which protects it and all of its tenures; fields
 * without another word are guarded by it. It is held for moments. A command is the last act inside it, since the store may
 * answer at once, on the same thread. What enters another guard, logs, or belongs to the application runs after it
 * ({@code afterwards}): no thread is ever inside two guards, but for {@link io.github.lockspring.engine.PendingLeaves},
 * whose guard is entered from queues and enters none. The timer alone does not wait for a guard: a thread may be stuck
 * inside one, and the leases of all other locks depend on the timer. An {@code Error} may end a call at any point; then the
 * guard is left, and the next sweep finds what stopped half-way: callers that are gone, holds that nobody will close, a
 * tenure that its queue has forgotten.
 *
 * <h2>Time</h2>
 *
 * A {@link io.github.lockspring.engine.LeaseValidity lease} counts from before the command that set it was sent, less 1 %
 * and 10 ms, so that this process never believes in a lease that the store has let expire. It is proven while the monotonic
 * and the wall clock both say so: the one stands still in a suspended machine, the other is put back and forth. Commands
 * never shorten a lease, except the one that asks whether a tenure may go on, so a lease is the longest that was confirmed,
 * and a command of unknown fate takes nothing away. Where the wall clock alone says that a lease is over, one renewal
 * decides. The store's clock is compared with itself only.
 *
 * <h2>Unknown outcomes</h2>
 *
 * A command that was not answered may have been executed, or may be yet. So the same owner asks again, which is idempotent,
 * and keeps its place by telling how long it has waited. {@link io.github.lockspring.engine.Footprint} counts the requests
 * whose fate is unknown. An owner that the store may know although nobody here wants its lock <em>leaves</em>: it is
 * among the {@link io.github.lockspring.engine.PendingLeaves} before it is no tenure any more, is sent until the store
 * answers, few at a time, never a second time while the store has the first, and once more a command time-out later if
 * one of its commands may arrive after that.
 *
 * <h2>A grant that comes late</h2>
 *
 * The store gives a released lock to a waiting owner and says so by a message, which may be late, lost or repeated. What it
 * means depends on the tenure of that owner. {@code REQUESTED}: a hold begins with it, if the newest answer to a request of
 * that owner dates it ({@link io.github.lockspring.engine.GrantDating}) and at least half of its lease is left. Otherwise the
 * owner asks once more, and the answer decides: the lock, with a new lease, or who else has it by now. {@code HELD},
 * {@code RELEASING}: nothing; the lock is the tenure's, and its release gives it back. {@code LOST}, {@code GONE}, or no
 * tenure of this process any more: exactly that owner leaves. It changes nothing where the store has forgotten it, so that
 * nobody else's lock is touched. An owner of before the last new connection may be that of a copy of this machine, and is
 * left alone; its grant expires by itself.
 *
 * <h2>Threads</h2>
 *
 * Callers change state themselves, and so do the threads on which the store answers. One timer sweeps: renewals first and
 * in one batch, then requests, then leaves. Callbacks of the application run on its executor, handed over by threads of the
 * engine's own ({@link io.github.lockspring.engine.Callbacks}), never inside a guard. Threads that serve answers are never
 * blocked. The names of all threads begin with {@code distributed-lock-}.
 *
 * <h2>Giving up</h2>
 *
 * Three verbs: an owner <em>leaves</em> the store, a caller is <em>withdrawn</em> from its queue, an idle queue is
 * <em>retired</em>. A queue lives as long as it has a caller or a tenure; nothing is kept of a lock that is neither held nor
 * wanted.
 */
@NullMarked
package io.github.lockspring.engine;

import org.jspecify.annotations.NullMarked;
