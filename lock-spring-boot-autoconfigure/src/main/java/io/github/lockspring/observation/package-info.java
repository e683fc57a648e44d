/**
 * What becomes of calls that ask for locks, as Micrometer's observations and meters. Made of what the engine tells a
 * {@link io.github.lockspring.LockMonitor}.
 *
 * <p>Timers are not made of the observations, as Micrometer's handler would: it looks up its meters in the registry for
 * each observation, which costs more than the lock does. {@link io.github.lockspring.observation.LockMetrics} keeps its
 * meters, and {@link io.github.lockspring.observation.UnmeteredLockObservations} has that handler leave them out.
 */
@NullMarked
package io.github.lockspring.observation;

import org.jspecify.annotations.NullMarked;
