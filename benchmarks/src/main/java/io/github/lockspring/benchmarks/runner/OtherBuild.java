package io.github.lockspring.benchmarks.runner;

import io.github.lockspring.LockOperations;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.URI;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.Path;

/**
 * The benchmarks with another build of this lock. The manifest of their jar names the libraries beside it, so a copy of
 * that jar gets links to them beside it, the one that has this lock leading elsewhere. Merely coming first on the class
 * path would not do: the auto-configurations of both builds would be found.
 */
final class OtherBuild {

    private OtherBuild() {}

    /** Returns the class path. */
    static String prepare(Path lock, Path directory) {
        Path present = Path.of(URI.create(LockOperations.class
                .getProtectionDomain()
                .getCodeSource()
                .getLocation()
                .toString()));
        Path libraries = present.getParent();
        Path benchmarks = Path.of(System.getProperty("java.class.path"));
        if (libraries == null || !Files.isRegularFile(present) || !Files.isRegularFile(benchmarks)) {
            throw new IllegalStateException("Another build takes part only if this one is run by java -jar");
        }
        try {
            Path copy = Files.createDirectory(directory.resolve("baseline"));
            Path links = Files.createDirectory(copy.resolve(libraries.getFileName()));
            try (DirectoryStream<Path> jars = Files.newDirectoryStream(libraries)) {
                for (Path jar : jars) {
                    Path target = jar.equals(present) ? lock : jar;
                    Files.createSymbolicLink(links.resolve(jar.getFileName()), target.toAbsolutePath());
                }
            }
            return Files.copy(benchmarks, copy.resolve("benchmarks.jar")).toString();
        } catch (IOException ex) {
            throw new UncheckedIOException("Cannot prepare the other build", ex);
        }
    }
}
