package io.github.lockspring.aot;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.File;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import javax.tools.ToolProvider;

/**
 * An application that was processed ahead of time in the way of Spring Boot's build plugins: their processor runs in a
 * process of its own, what it generates is compiled, and comes onto the class path.
 */
public final class PreparedApplication {

    private static final String PROCESSOR = "org.springframework.boot.SpringApplicationAotProcessor";

    private static final String SOURCES = "sources";

    private static final String CLASSES = "classes";

    private final Class<?> main;

    private final Path classes;

    private PreparedApplication(Class<?> main, Path classes) {
        this.main = main;
        this.classes = classes;
    }

    /**
     * Processes an application.
     *
     * @param main has its main method
     * @param directory where to generate
     * @param arguments what it is processed with
     */
    public static PreparedApplication of(Class<?> main, Path directory, String... arguments) throws Exception {
        List<String> command = java(classPath(), PROCESSOR, main.getName());
        Stream.of(SOURCES, "resources", CLASSES)
                .map(folder -> directory.resolve(folder).toString())
                .forEach(command::add);
        command.addAll(List.of("any.group", "any-artifact"));
        command.addAll(List.of(arguments));
        run(command, directory.resolve("processing.log"));
        return generated(main, directory);
    }

    /**
     * Compiles what another processor has generated.
     *
     * @param main has its main method
     * @param directory where it has generated {@code sources} and {@code classes}
     */
    public static PreparedApplication generated(Class<?> main, Path directory) throws IOException {
        Path classes = Files.createDirectories(directory.resolve(CLASSES));
        compile(directory.resolve(SOURCES), classes);
        return new PreparedApplication(main, classes);
    }

    private static void compile(Path sources, Path classes) throws IOException {
        List<String> arguments = new ArrayList<>(List.of("-nowarn", "-proc:none", "-d", classes.toString(), "-cp"));
        arguments.add(classes + File.pathSeparator + classPath());
        try (Stream<Path> files = Files.walk(sources)) {
            files.map(Path::toString).filter(file -> file.endsWith(".java")).forEach(arguments::add);
        }
        int result = ToolProvider.getSystemJavaCompiler().run(null, null, null, arguments.toArray(String[]::new));
        assertThat(result).as("compiler").isZero();
    }

    /** Whether something of that name was generated. */
    public boolean hasClass(String name) {
        return Files.exists(this.classes.resolve(name.replace('.', '/') + ".class"));
    }

    /** Runs it from generated code until it ends; returns what it prints. */
    public List<String> run(Map<String, String> properties) throws Exception {
        return run(this.classes + File.pathSeparator + classPath(), true, properties);
    }

    /** Runs it as if it had not been processed. */
    public List<String> runUnprepared(Map<String, String> properties) throws Exception {
        return run(classPath(), false, properties);
    }

    private List<String> run(String classPath, boolean generated, Map<String, String> properties) throws Exception {
        List<String> command = java(classPath, "-Dspring.aot.enabled=" + generated, this.main.getName());
        properties.forEach((name, value) -> command.add("--" + name + "=" + value));
        return run(command, Files.createTempFile(this.classes, "run", ".log"));
    }

    private static List<String> run(List<String> command, Path log) throws Exception {
        Files.createDirectories(log.getParent());
        Process process = new ProcessBuilder(command)
                .redirectErrorStream(true)
                .redirectOutput(log.toFile())
                .start();
        try {
            boolean ended = process.waitFor(120, TimeUnit.SECONDS);
            List<String> output = Files.readAllLines(log, StandardCharsets.UTF_8);
            assertThat(ended).as("ended: %s", output).isTrue();
            assertThat(process.exitValue()).as("exit code: %s", output).isZero();
            return output;
        } finally {
            process.destroyForcibly();
        }
    }

    private static List<String> java(String classPath, String... arguments) {
        List<String> command = new ArrayList<>(List.of(
                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                "-XX:TieredStopAtLevel=1",
                "-XX:+UseSerialGC",
                "-Xmx256m",
                "-cp",
                classPath));
        command.addAll(List.of(arguments));
        return command;
    }

    private static String classPath() {
        return System.getProperty("java.class.path");
    }
}
