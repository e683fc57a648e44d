package io.github.lockspring.actuate;

import io.github.lockspring.LockEngineStatus;
import io.github.lockspring.LockException;
import io.github.lockspring.LockName;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * How locks are doing: each store is asked who has a lock that no caller acquires, and each engine how it is. A store
 * that cannot be reached, or whose server is known to refuse locks, is down; late renewals, polling in place of
 * messages, and what a store has found that should be corrected, are warnings.
 *
 * @param up whether all stores answer, and accept locks
 * @param details what is known of each server; that of the primary one is not nested
 */
record LockHealth(boolean up, Map<String, Object> details) {

    private static final LockName PROBE = LockName.of("distributed-lock-health");

    /** A renewal that is due is answered within milliseconds; an engine looks for what is due once a second at least. */
    private static final Duration LATE = Duration.ofSeconds(1);

    static LockHealth of(Map<String, ObservedEngine> engines) {
        boolean up = true;
        Map<String, Object> details = new LinkedHashMap<>();
        Map<String, Object> servers = new LinkedHashMap<>();
        for (Map.Entry<String, ObservedEngine> each : engines.entrySet()) {
            LockHealth one = of(each.getValue());
            up &= one.up;
            if (each.getKey().equals(ObservedEngine.PRIMARY)) {
                details.putAll(one.details);
            } else {
                servers.put(each.getKey(), one.details);
            }
        }
        if (!servers.isEmpty()) {
            details.put("servers", servers);
        }
        return new LockHealth(up, details);
    }

    private static LockHealth of(ObservedEngine observed) {
        Map<String, Object> details = new LinkedHashMap<>();
        LockEngineStatus status = observed.engine().status();
        boolean up = status.storeAvailable();
        details.put("store", status.store());
        try {
            Object unused = observed.engine().holder(PROBE);
            details.put("state", up ? "answers" : "refuses locks");
        } catch (LockException ex) {
            up = false;
            details.put("state", "does not answer");
            details.put("error", String.valueOf(ex.getMessage()));
        }
        details.put("renewalsLateBy", status.renewalsLateBy().toMillis() + " ms");
        details.put("grants", LocksDescriptor.Store.grants(status));
        if (!status.storeDetails().isEmpty()) {
            details.put("server", status.storeDetails());
        }
        List<String> warnings = warnings(observed, status);
        if (!warnings.isEmpty()) {
            details.put("warning", String.join("; ", warnings));
        }
        return new LockHealth(up, details);
    }

    private static List<String> warnings(ObservedEngine observed, LockEngineStatus status) {
        List<String> warnings = new ArrayList<>();
        if (status.renewalsLateBy().compareTo(LATE) >= 0) {
            warnings.add("renewals are late: locks are lost when their leases are over");
        }
        if (observed.subscribes() && !status.listening()) {
            warnings.add("there is no subscription: callers that wait for a lock poll");
        }
        warnings.addAll(status.storeProblems());
        return warnings;
    }
}
