package io.github.lockspring.testredis;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.Comparator;
import java.util.stream.Stream;

/** Directories of servers: made and removed. */
final class Directories {

    private Directories() {}

    static Path createTemporary() {
        try {
            return Files.createTempDirectory("lock-test-redis-");
        } catch (IOException ex) {
            throw new UncheckedIOException(ex);
        }
    }

    /** Deletes a tree; what a dying server removed first is no matter. */
    static void delete(Path directory) {
        try (Stream<Path> tree = Files.walk(directory)) {
            for (Path path : tree.sorted(Comparator.reverseOrder()).toList()) {
                Files.deleteIfExists(path);
            }
        } catch (NoSuchFileException ex) {
            return;
        } catch (IOException ex) {
            throw new UncheckedIOException(ex);
        }
    }
}
