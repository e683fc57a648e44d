package io.github.lockspring.redis;

import io.github.lockspring.store.StoreReport;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.function.Function;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.springframework.util.StringUtils;

/**
 * What the servers of a store say of themselves, and what that means for locks.
 *
 * @param details what is shown
 * @param available whether a server accepts locks
 * @param refusals why servers accept none, each with its cure
 * @param unsafe what breaks locks, each with its cure
 * @param minor what should be corrected, each with its cure
 */
record ServerFindings(
        Map<String, String> details,
        boolean available,
        List<String> refusals,
        List<String> unsafe,
        List<String> minor) {

    private static final String UNKNOWN = "unknown";

    private static final String PRODUCT = "server";

    private static final String VERSION = "version";

    private static final String MODE = "mode";

    private static final String ROLE = "role";

    private static final String POLICY = "maxmemoryPolicy";

    private static final String CLOCK = "clockDifference";

    private static final long CLOCK_LIMIT_MILLIS = 1000;

    /** What to do about errors that begin so. Others are {@linkplain ServerRefusal refusals}. */
    private static final Map<String, String> CURES = Map.of(
            "OOM ",
                    "Increase maxmemory, or remove other content: Redis itself makes no room with maxmemory-policy noeviction",
            "NOREPLICAS ", "Fewer replicas are connected than min-replicas-to-write demands",
            "MISCONF ", "Redis cannot save its data: its log says why");

    private static final Pattern NUMBERS = Pattern.compile(" \\(\\d+ of \\d+ servers\\)$|\\d+");

    /**
     * Judges.
     *
     * @param servers what each has said
     * @param known how many servers there are, of which some may not have answered
     * @param addresses what has to be corrected where the wrong server is connected to
     */
    static ServerFindings of(List<ServerInfo> servers, int known, String addresses) {
        Map<String, String> details = new LinkedHashMap<>();
        details.put(PRODUCT, joined(servers, ServerInfo::product));
        details.put(VERSION, joined(servers, ServerInfo::version));
        details.put(MODE, joined(servers, ServerInfo::mode));
        if (known > 1) {
            String answering = servers.size() == known ? "" : servers.size() + " of ";
            details.put("primaries", answering + known);
        }
        details.put(ROLE, joined(servers, ServerInfo::role));
        details.put("maxmemory", joined(servers, server -> text(server.maxMemory())));
        details.put(POLICY, joined(servers, ServerInfo::evictionPolicy));
        details.put(CLOCK, joined(servers, server -> Objects.toString(server.clock(), null)));
        return new ServerFindings(
                details,
                servers.stream().anyMatch(server -> server.writeRefusal() == null),
                problems(servers, server -> refusals(server, addresses)),
                problems(servers, server -> unsafe(server, addresses)),
                problems(servers, server -> minor(server)));
    }

    private static @Nullable String text(@Nullable Long bytes) {
        return bytes == null ? null : bytes == 0 ? "no limit" : bytes + " bytes";
    }

    private static String joined(List<ServerInfo> servers, Function<ServerInfo, @Nullable String> value) {
        return servers.stream()
                .map(server -> Objects.requireNonNullElse(value.apply(server), UNKNOWN))
                .distinct()
                .collect(Collectors.joining(", "));
    }

    /** Each problem once; it says of how many servers it is one, unless it is one of all. */
    private static List<String> problems(List<ServerInfo> servers, Function<ServerInfo, List<String>> judge) {
        Map<String, Integer> counts = new LinkedHashMap<>();
        servers.forEach(server -> judge.apply(server).forEach(problem -> counts.merge(problem, 1, Integer::sum)));
        return counts.entrySet().stream()
                .map(each -> each.getValue() == servers.size()
                        ? each.getKey()
                        : each.getKey() + " (" + each.getValue() + " of " + servers.size() + " servers)")
                .toList();
    }

    /** That of a replica is said with its role. */
    private static List<String> refusals(ServerInfo server, String addresses) {
        String refusal = server.writeRefusal();
        if (refusal == null || server.isReplica()) {
            return List.of();
        }
        String said = StringUtils.trimTrailingCharacter(refusal, '.');
        return List.of("it refuses to write: " + said + ". " + cure(refusal, addresses));
    }

    private static String cure(String refusal, String addresses) {
        if (refusal.startsWith("READONLY ")) {
            return "Connect to the primary: check " + addresses;
        }
        ServerRefusal known = ServerRefusal.ofReply(refusal);
        return CURES.entrySet().stream()
                .filter(each -> refusal.startsWith(each.getKey()))
                .map(Map.Entry::getValue)
                .findFirst()
                .orElse(known != null ? known.remedy() : "The log of Redis may say more");
    }

    private static List<String> unsafe(ServerInfo server, String addresses) {
        List<String> problems = new ArrayList<>();
        if (server.isOlderThan(6, 2)) {
            problems.add("its version " + server.version()
                    + " is not supported, and lacks commands that locks need. Use Redis 6.2 or later, or Valkey");
        }
        if (server.isReplica()) {
            problems.add("it is a replica: it refuses to write, so that no lock can be taken, or it accepts writes that"
                    + " its primary does not know and may overwrite. Connect to the primary: check " + addresses);
        }
        if (server.isActiveReplica()) {
            problems.add(
                    "it is an active replica: other servers accept writes at the same time, and two callers can get"
                            + " the same lock. Keep locks in a Redis with a single primary");
        }
        if (server.evicts() && !Long.valueOf(0).equals(server.maxMemory())) {
            problems.add("maxmemory-policy is " + server.evictionPolicy()
                    + ": when its memory is full, it drops locks that are held, and two callers can have the same lock."
                    + " Set maxmemory-policy to noeviction, on a server whose other content cannot fill it");
        }
        return problems;
    }

    private static List<String> minor(ServerInfo server) {
        List<String> problems = new ArrayList<>();
        if (server.evicts() && Long.valueOf(0).equals(server.maxMemory())) {
            problems.add("maxmemory-policy is " + server.evictionPolicy()
                    + ", which has no effect as long as maxmemory is not set, and drops locks that are held once it is."
                    + " Set maxmemory-policy to noeviction");
        }
        ServerInfo.ClockDifference clock = server.clock();
        if (clock != null && clock.exceeds(CLOCK_LIMIT_MILLIS)) {
            problems.add("its clock is " + (Math.abs(clock.millis()) + 500) / 1000 + " s "
                    + (clock.millis() > 0 ? "ahead of" : "behind")
                    + " that of this machine. Leases do not depend on the difference, but a clock that is set forward"
                    + " ends them early. Have NTP adjust both clocks gradually");
        }
        return problems;
    }

    /** For a message: what it is, and how it is set up. */
    String product() {
        String product = this.details.getOrDefault(PRODUCT, UNKNOWN);
        return product.equals(UNKNOWN)
                ? "a server of unknown version"
                : product + " " + this.details.getOrDefault(VERSION, UNKNOWN);
    }

    String setup() {
        String primaries = this.details.get("primaries");
        return this.details.get(MODE)
                + (primaries == null ? "" : " with " + primaries + " primaries")
                + ", role " + this.details.get(ROLE)
                + ", maxmemory-policy " + this.details.get(POLICY)
                + ", clock difference " + this.details.get(CLOCK)
                + (UNKNOWN.equals(this.details.get(VERSION))
                        ? ". Permit its user INFO ('+info') to have its version and maxmemory-policy looked at"
                        : "");
    }

    StoreReport report() {
        return reportWith(List.of());
    }

    /** With problems that were found earlier, at servers which do not answer now. */
    StoreReport reportWith(List<String> earlier) {
        List<String> present = Stream.of(this.refusals, this.unsafe, this.minor)
                .flatMap(List::stream)
                .toList();
        Set<String> kinds = present.stream().map(ServerFindings::kind).collect(Collectors.toSet());
        Stream<String> others = earlier.stream().filter(problem -> !kinds.contains(kind(problem)));
        return new StoreReport(
                this.details, Stream.concat(present.stream(), others).toList(), this.available);
    }

    /** What a text says apart from its numbers, which may be others at every look, and of how many servers it is true. */
    static String kind(String text) {
        return NUMBERS.matcher(text).replaceAll("");
    }
}
