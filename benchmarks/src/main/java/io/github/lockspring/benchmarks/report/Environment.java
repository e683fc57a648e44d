package io.github.lockspring.benchmarks.report;

import io.github.lockspring.benchmarks.runner.Settings;
import java.io.IOException;
import java.lang.management.ManagementFactory;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.LocalDate;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.List;
import org.redisson.api.RedissonClient;
import org.springframework.boot.SpringBootVersion;
import org.springframework.data.redis.core.RedisTemplate;
import org.springframework.integration.redis.util.RedisLockRegistry;

/** What the figures depend on. */
final class Environment {

    private Environment() {}

    static List<String> lines(Settings settings, String redisVersion, double loadBefore) {
        List<String> lines = new ArrayList<>();
        lines.add("Date: " + LocalDate.now(ZoneOffset.UTC));
        lines.add("Machine: " + processor() + ", " + Runtime.getRuntime().availableProcessors() + " cores, "
                + System.getProperty("os.name") + ' ' + System.getProperty("os.version") + ' '
                + System.getProperty("os.arch"));
        lines.add("JDK: " + System.getProperty("java.vm.name") + ' ' + Runtime.version()
                + (settings.jvmOptions().isEmpty() ? "" : ", workers with " + settings.jvmOptions()));
        lines.add("Redis " + redisVersion + (settings.redis() == null ? ", started for this run, on loopback" : ""));
        lines.add("Spring Boot " + SpringBootVersion.getVersion() + ", spring-data-redis "
                + version(RedisTemplate.class) + ", Lettuce " + version(io.lettuce.core.RedisClient.class));
        lines.add("Redisson " + version(RedissonClient.class) + ", Spring Integration "
                + version(RedisLockRegistry.class) + ", Lock4j " + jarVersion(com.baomidou.lock.LockTemplate.class)
                + ", ShedLock " + jarVersion(net.javacrumbs.shedlock.core.LockProvider.class));
        lines.add("Setting: " + settings.name() + ", " + settings.rounds() + " rounds in turn ("
                + settings.growthRounds() + " for the steps of a series, " + settings.outageRounds()
                + " for outages) of "
                + settings.window().toMillis()
                + " ms, each contender warmed up before for up to " + settings.mostWarmUps() + " times "
                + settings.warmUp().toMillis() + " ms, until its JVMs compiled no more");
        lines.add(String.format("Load average before and after: %.1f, %.1f", loadBefore, loadAverage()));
        return lines;
    }

    static double loadAverage() {
        return ManagementFactory.getOperatingSystemMXBean().getSystemLoadAverage();
    }

    private static String processor() {
        try (var lines = Files.lines(Path.of("/proc/cpuinfo"))) {
            return lines.filter(line -> line.startsWith("model name"))
                    .map(line -> line.substring(line.indexOf(':') + 1).strip())
                    .findFirst()
                    .orElse("unknown processor");
        } catch (IOException ex) {
            return "unknown processor";
        }
    }

    private static String version(Class<?> type) {
        String version = type.getPackage().getImplementationVersion();
        return version != null ? version : jarVersion(type);
    }

    /** For jars whose manifest says nothing: the name of the file does. */
    private static String jarVersion(Class<?> type) {
        String file = Path.of(
                        type.getProtectionDomain().getCodeSource().getLocation().getPath())
                .getFileName()
                .toString();
        return file.replaceAll("^.*?-(\\d[^/]*)\\.jar$", "$1");
    }
}
