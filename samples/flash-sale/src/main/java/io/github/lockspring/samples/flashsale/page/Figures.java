package io.github.lockspring.samples.flashsale.page;

import io.github.lockspring.samples.flashsale.load.Pass;
import io.github.lockspring.samples.support.Conclusion;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * Everything that the page shows, at one moment.
 *
 * @param phase what can be asked for
 * @param failure why the sale cannot go on, {@code null} if it can
 * @param running the pass that runs, {@code null} if none does
 * @param size of the sale
 * @param processes what the operating system calls them, in the order of their numbers
 * @param passes those that have begun
 * @param lock of the latest pass with lock, {@code null} before
 * @param table the result so far: heads and one row for each finished pass, as the command line prints them
 * @param conclusion of both passes, {@code null} before both are finished
 */
public record Figures(
        Phase phase,
        @Nullable String failure,
        @Nullable Pass running,
        Size size,
        List<Long> processes,
        Map<Pass, PassFigures> passes,
        @Nullable LockFigures lock,
        List<List<String>> table,
        @Nullable Conclusion conclusion) {

    /** Before the processes have been started. */
    static Figures starting(Size size) {
        return new Figures(Phase.STARTING, null, null, size, List.of(), Map.of(), null, List.of(), null);
    }

    /** What can be asked for. */
    public enum Phase {
        /** Nothing yet: the processes start. */
        STARTING,
        /** A pass, or to begin again. */
        READY,
        /** Nothing: a pass runs. */
        SELLING,
        /** Nothing more. */
        FAILED
    }

    /**
     * Size of the sale.
     *
     * @param stock pieces for sale in each pass
     * @param customers customers in each pass
     * @param threads customers served at the same time by each process
     */
    public record Size(int stock, int customers, int threads) {}
}
