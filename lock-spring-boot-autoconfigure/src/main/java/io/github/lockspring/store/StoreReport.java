package io.github.lockspring.store;

import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * What a store has found out about its server, for display.
 *
 * @param details names and values, in the order in which they are shown; empty as long as nothing is known
 * @param problems what should be corrected, each with its cure
 * @param available false if the store has found that no lock can be taken: its server refuses to write
 * @since 0.1
 */
public record StoreReport(Map<String, String> details, List<String> problems, boolean available) {

    /** Nothing is known. */
    public static final StoreReport EMPTY = new StoreReport(Map.of(), List.of(), true);

    /**
     * Creates a report.
     *
     * @param details names and values
     * @param problems what should be corrected
     * @param available whether locks can be taken, as far as is known
     */
    public StoreReport {
        details = Collections.unmodifiableMap(new LinkedHashMap<>(details));
        problems = List.copyOf(problems);
    }
}
