package io.github.lockspring.process;

import io.github.lockspring.LockLease;
import io.github.lockspring.testredis.RespClient;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.concurrent.ThreadLocalRandom;
import java.util.concurrent.locks.LockSupport;

/**
 * Who was inside of one lock, and when, as a list in Redis that no lock protects. A visit counts if its lease was held
 * to the end of it: a process that stood still for longer than its lease may come in late, but cannot prove anything.
 */
final class Visits {

    private static final String IN = "in ";

    private static final String OUT = "out ";

    private static final String PROVEN = "proven ";

    private final RespClient redis;

    private final String key;

    Visits(RespClient redis, String data, int lock) {
        this.redis = redis;
        this.key = data + "visits-" + lock;
    }

    /** Is inside for a moment. */
    void visit(LockLease lease) {
        note(IN + lease.fencingToken());
        if (ThreadLocalRandom.current().nextInt(4) == 0) {
            LockSupport.parkNanos(ThreadLocalRandom.current().nextInt(3_000_000));
        }
        note(OUT + lease.fencingToken());
        if (lease.isHeld()) {
            note(PROVEN + lease.fencingToken());
        }
    }

    private void note(String event) {
        this.redis.command("RPUSH", this.key, event);
    }

    Report report() {
        List<String> events = this.redis.texts("LRANGE", this.key, "0", "-1");
        Set<String> proven = new HashSet<>();
        events.stream()
                .filter(event -> event.startsWith(PROVEN))
                .forEach(event -> proven.add(event.substring(PROVEN.length())));
        List<String> violations = new ArrayList<>();
        Set<String> inside = new HashSet<>();
        long last = 0;
        int visits = 0;
        for (String event : events) {
            String token = event.substring(event.indexOf(' ') + 1);
            if (event.startsWith(IN)) {
                visits++;
                if (proven.contains(token)) {
                    if (!inside.isEmpty()) {
                        violations.add(token + " came in while there was " + inside);
                    }
                    if (Long.parseLong(token) <= last) {
                        violations.add(token + " came in after " + last);
                    }
                    inside.add(token);
                }
                last = Math.max(last, Long.parseLong(token));
            } else if (event.startsWith(OUT)) {
                inside.remove(token);
            }
        }
        return new Report(visits, visits - proven.size(), violations);
    }

    void forget() {
        this.redis.command("DEL", this.key);
    }

    /**
     * What the list tells.
     *
     * @param visits all visits
     * @param unproven those that had lost their lease at the end
     * @param violations two provable visits at a time, and tokens that a check where the data is written would refuse
     */
    record Report(int visits, int unproven, List<String> violations) {}
}
