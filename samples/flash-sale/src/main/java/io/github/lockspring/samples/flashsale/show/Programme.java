package io.github.lockspring.samples.flashsale.show;

import io.github.lockspring.samples.support.Conclusion;
import java.io.PrintStream;

/** What is sold once the processes are ready. */
interface Programme {

    Conclusion perform(PassRunner passes, PrintStream out);

    /** Watches the passes. */
    default PassObserver observer() {
        return PassObserver.NONE;
    }
}
