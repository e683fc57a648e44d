package io.github.lockspring.samples.flashsale.show;

import io.github.lockspring.samples.flashsale.load.Pass;
import io.github.lockspring.samples.support.ProcessEvent;

/** Watches a pass from the thread that runs it, which is not to be kept. */
interface PassObserver {

    /** For those who only want to see the result. */
    PassObserver NONE = new PassObserver() {};

    /** A pass begins, with a product that nobody has sold before. */
    default void begins(Pass pass, String productId) {}

    /** A process has told something. */
    default void told(ProcessEvent event) {}

    /** Called a few times per second, and when all customers have been served. */
    default void progress(Tally tally) {}
}
