package io.github.lockspring.benchmarks.runner;

import java.util.Arrays;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;

/**
 * What a Redis has done.
 *
 * @param commands executed, those inside scripts included
 * @param scripts of these, calls of scripts
 * @param cpuSeconds processor time
 */
record RedisUsage(long commands, long scripts, double cpuSeconds) {

    static final RedisUsage NONE = new RedisUsage(0, 0, 0);

    private static final Pattern CALLS = Pattern.compile("cmdstat_([^:]+):calls=(\\d+)");

    static RedisUsage parse(String commandStats, String cpu) {
        long commands = 0;
        long scripts = 0;
        for (Matcher each = CALLS.matcher(commandStats); each.find(); ) {
            String name = each.group(1);
            long calls = Long.parseLong(each.group(2));
            commands += name.equals("info") ? 0 : calls;
            scripts += name.startsWith("eval") ? calls : 0;
        }
        Map<String, String> used = lines(cpu);
        return new RedisUsage(commands, scripts, seconds(used, "used_cpu_sys") + seconds(used, "used_cpu_user"));
    }

    RedisUsage since(RedisUsage earlier) {
        return new RedisUsage(
                this.commands - earlier.commands, this.scripts - earlier.scripts, this.cpuSeconds - earlier.cpuSeconds);
    }

    static Map<String, String> lines(String info) {
        return Arrays.stream(info.split("\r?\n"))
                .filter(line -> line.indexOf(':') > 0)
                .collect(Collectors.toMap(
                        line -> line.substring(0, line.indexOf(':')),
                        line -> line.substring(line.indexOf(':') + 1),
                        (first, second) -> first));
    }

    private static double seconds(Map<String, String> lines, String name) {
        return Double.parseDouble(lines.getOrDefault(name, "0"));
    }
}
