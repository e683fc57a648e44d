package io.github.lockspring.testredis;

import java.io.File;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;
import redis.embedded.core.ExecutableProvider;

/**
 * A server program: {@code redis-server} of the PATH when it is new enough, else the one that embedded-redis brings.
 *
 * @param path the program
 * @param origin where it comes from, for the log
 */
record RedisBinary(Path path, String origin) {

    private static final Pattern VERSION = Pattern.compile("v=(\\d+)\\.(\\d+)");

    private static final String NAME = "redis-server";

    static RedisBinary find() {
        return Found.BINARY;
    }

    private static RedisBinary search(String searchPath) {
        for (String directory : searchPath.split(File.pathSeparator)) {
            Path candidate = Path.of(directory).resolve(NAME);
            if (Files.isExecutable(candidate) && isRecentEnough(versionOf(candidate))) {
                return new RedisBinary(candidate, NAME + " of the PATH");
            }
        }
        return unpack(Path.of("target", "test-redis"));
    }

    /** Unpacks aside and moves into place, because another JVM may be running the program that is there. */
    static RedisBinary unpack(Path directory) {
        try {
            Files.createDirectories(directory);
            Path aside = Files.createTempDirectory(directory, "unpacked-");
            Path fresh = ExecutableProvider.newJarResourceProvider(aside.toFile())
                    .get()
                    .toPath();
            Path program = directory.resolve(fresh.getFileName()).toAbsolutePath();
            Files.move(fresh, program, StandardCopyOption.ATOMIC_MOVE);
            Directories.delete(aside);
            return new RedisBinary(program, "the binary inside embedded-redis");
        } catch (IOException ex) {
            throw new UncheckedIOException("Cannot unpack the Redis binary of embedded-redis into " + directory, ex);
        }
    }

    static boolean isRecentEnough(String versionLine) {
        Matcher version = VERSION.matcher(versionLine);
        if (!version.find()) {
            return false;
        }
        int major = Integer.parseInt(version.group(1));
        return major > 6 || (major == 6 && Integer.parseInt(version.group(2)) >= 2);
    }

    private static String versionOf(Path program) {
        try {
            Process process = new ProcessBuilder(program.toString(), "--version")
                    .redirectErrorStream(true)
                    .start();
            process.getOutputStream().close();
            return new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
        } catch (IOException ex) {
            return "";
        }
    }

    /** Looked for once per JVM. */
    private static final class Found {

        static final RedisBinary BINARY = search(path());

        private static String path() {
            @Nullable String path = System.getenv("PATH");
            return path != null ? path : "";
        }
    }
}
