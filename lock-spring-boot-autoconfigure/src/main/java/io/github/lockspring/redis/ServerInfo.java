package io.github.lockspring.redis;

import java.util.HashMap;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Properties;
import java.util.concurrent.TimeUnit;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * What one server says of itself: fields of {@code INFO}, and its clock. A server may not show all of them: what it
 * does not show is unknown.
 *
 * @param fields the fields
 * @param clock how far its clock is ahead; null if unknown
 */
record ServerInfo(Map<String, String> fields, @Nullable ClockDifference clock) {

    /** What {@code probe.lua} calls the clock. */
    private static final String TIME = "time";

    private static final String REFUSED = "refused";

    private static final String UNWRITABLE = "unwritable";

    private static final Pattern VERSION = Pattern.compile("(\\d{1,6})\\.(\\d{1,6})");

    /**
     * How far the clock of a server is ahead of that of this process.
     *
     * @param millis negative if it is behind
     * @param inaccuracy by how much that may be wrong, since the answer takes time
     */
    record ClockDifference(long millis, long inaccuracy) {

        boolean exceeds(long limit) {
            return Math.abs(this.millis) - this.inaccuracy > limit;
        }

        @Override
        public String toString() {
            String shown = Math.abs(this.millis) <= this.inaccuracy ? "none" : this.millis + " ms";
            return shown + " (± " + this.inaccuracy + " ms)";
        }
    }

    /**
     * Reads the reply of {@code probe.lua}.
     *
     * @param reply the reply
     * @param now the time of this process when it came, in ms
     * @param roundTripNanos how long it took
     */
    static ServerInfo of(String reply, long now, long roundTripNanos) {
        Map<String, String> fields = new HashMap<>();
        reply.lines().forEach(line -> {
            int colon = line.indexOf(':');
            if (colon > 0 && line.charAt(0) != '#') {
                fields.put(line.substring(0, colon), line.substring(colon + 1).strip());
            }
        });
        Long micros = number(fields.remove(TIME));
        return new ServerInfo(fields, micros == null ? null : difference(micros, now, roundTripNanos));
    }

    private static ClockDifference difference(long micros, long now, long roundTripNanos) {
        long half = TimeUnit.NANOSECONDS.toMillis(roundTripNanos) / 2;
        return new ClockDifference(TimeUnit.MICROSECONDS.toMillis(micros) - (now - half), half + 1);
    }

    /** The same server, with fields that it has shown when it was asked otherwise. */
    ServerInfo with(Properties more) {
        Map<String, String> all = new HashMap<>(this.fields);
        more.stringPropertyNames().forEach(name -> all.put(name, more.getProperty(name)));
        all.remove(REFUSED);
        return new ServerInfo(all, this.clock);
    }

    /** Why it did not show its fields to a script; null if it did. */
    @Nullable String refusal() {
        return this.fields.get(REFUSED);
    }

    /** Why it refuses to write; null if it writes. */
    @Nullable String writeRefusal() {
        String said = this.fields.get(UNWRITABLE);
        return said == null ? null : ServerRefusal.reply(said);
    }

    /** What it is, as far as it says so; null if it has said nothing. */
    @Nullable String product() {
        if (this.fields.containsKey("valkey_version")) {
            return "Valkey";
        }
        if (this.fields.containsKey("dragonfly_version")) {
            return "Dragonfly";
        }
        if (this.fields.containsKey("rlec_version")) {
            return "Redis Enterprise";
        }
        return this.fields.containsKey("redis_version") ? "Redis" : null;
    }

    /** Its own version, not the one of Redis that it is compatible with. */
    @Nullable String version() {
        return Optional.ofNullable(this.fields.get("valkey_version"))
                .or(() -> Optional.ofNullable(this.fields.get("dragonfly_version")))
                .orElse(this.fields.get("redis_version"));
    }

    /** Whether it says that it is compatible with an earlier version of Redis only. */
    boolean isOlderThan(int major, int minor) {
        Matcher version = VERSION.matcher(this.fields.getOrDefault("redis_version", ""));
        if (!version.lookingAt()) {
            return false;
        }
        int first = Integer.parseInt(version.group(1));
        return first < major || first == major && Integer.parseInt(version.group(2)) < minor;
    }

    @Nullable String mode() {
        return isClustered() ? "cluster" : this.fields.get("redis_mode");
    }

    boolean isClustered() {
        return "1".equals(this.fields.get("cluster_enabled")) || "cluster".equals(this.fields.get("redis_mode"));
    }

    @Nullable String role() {
        String role = this.fields.get("role");
        return "master".equals(role) ? "primary" : "slave".equals(role) ? "replica" : role;
    }

    boolean isReplica() {
        return "replica".equals(role());
    }

    /** KeyDB says so of a server that accepts writes beside other servers that do, too. */
    boolean isActiveReplica() {
        return "active-replica".equals(role());
    }

    @Nullable String evictionPolicy() {
        return this.fields.get("maxmemory_policy");
    }

    /** Whether it drops keys when its memory is full, be it those with a time to live, which locks have, or all. */
    boolean evicts() {
        String policy = String.valueOf(evictionPolicy()).toLowerCase(Locale.ROOT);
        // the last one is what Dragonfly calls it
        return policy.startsWith("allkeys-") || policy.startsWith("volatile-") || policy.equals("eviction");
    }

    /** The limit of its memory in bytes, 0 if it has none; null if unknown. */
    @Nullable Long maxMemory() {
        return number(this.fields.get("maxmemory"));
    }

    private static @Nullable Long number(@Nullable String text) {
        try {
            return text == null ? null : Long.valueOf(text);
        } catch (NumberFormatException ex) {
            return null;
        }
    }
}
