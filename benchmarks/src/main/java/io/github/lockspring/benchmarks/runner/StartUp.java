package io.github.lockspring.benchmarks.runner;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Locale;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import javax.tools.ToolProvider;
import org.springframework.boot.Banner;
import org.springframework.boot.SpringBootConfiguration;
import org.springframework.boot.WebApplicationType;
import org.springframework.boot.autoconfigure.EnableAutoConfiguration;
import org.springframework.boot.builder.SpringApplicationBuilder;
import org.springframework.util.FileSystemUtils;

/**
 * How long an application with many annotated beans takes to start, with this build and with another one in turns, each
 * time in a JVM of its own. Takes the jar of the other build and the number of rounds; one more comes first and does not
 * count.
 */
public final class StartUp {

    private static final int BEANS = 500;

    private static final String PACKAGE = "services";

    private static final String MARK = "started in ";

    private StartUp() {}

    /**
     * Measures.
     *
     * @param arguments jar of the other build; rounds, 21 by default
     * @throws Exception if it does not work
     */
    public static void main(String[] arguments) throws Exception {
        if (arguments.length < 1 || !Files.isRegularFile(Path.of(arguments[0]))) {
            System.err.println("The first argument is the lock-spring-boot-autoconfigure jar of another build");
            System.exit(2);
        }
        int rounds = arguments.length > 1 ? Integer.parseInt(arguments[1]) : 21;
        Path directory = Files.createTempDirectory("start-up");
        String here = System.getProperty("java.class.path");
        String there = OtherBuild.prepare(Path.of(arguments[0]), directory);
        Path services = compileServices(directory, here);
        double[] present = new double[rounds];
        double[] baseline = new double[rounds];
        for (int round = -1; round < rounds; round++) {
            boolean presentFirst = round % 2 == 0;
            double first = start(presentFirst ? here : there, services);
            double second = start(presentFirst ? there : here, services);
            if (round >= 0) {
                present[round] = presentFirst ? first : second;
                baseline[round] = presentFirst ? second : first;
                System.err.printf(Locale.ROOT, "%.0f ms, baseline %.0f ms%n", present[round], baseline[round]);
            }
        }
        Quartiles better = Quartiles.ofRatios(baseline, present);
        System.out.printf(
                Locale.ROOT,
                "%d annotated beans, %d rounds: %.0f ms, baseline %.0f ms; better by %.3f (quartiles %.3f and %.3f)%n",
                BEANS,
                rounds,
                Quartiles.of(present).median(),
                Quartiles.of(baseline).median(),
                better.median(),
                better.lower(),
                better.upper());
        FileSystemUtils.deleteRecursively(directory);
    }

    /** Each bean is of a class of its own, as in applications: what is found out about a class is kept. */
    private static Path compileServices(Path directory, String classPath) throws IOException {
        Path source = Files.writeString(
                directory.resolve("Services.java"),
                IntStream.range(0, BEANS)
                        .mapToObj(
                                "class Service%1$d { @DistributedLock(name = \"service%1$d\", key = \"#id\") void run(String id) {} }\n"
                                        ::formatted)
                        .collect(Collectors.joining(
                                "",
                                "package " + PACKAGE + "; import io.github.lockspring.annotation.DistributedLock;\n",
                                "")));
        Path classes = Files.createDirectory(directory.resolve("classes"));
        int exit = ToolProvider.getSystemJavaCompiler()
                .run(
                        null,
                        null,
                        null,
                        "-parameters",
                        "-proc:none",
                        "-cp",
                        classPath,
                        "-d",
                        classes.toString(),
                        source.toString());
        if (exit != 0) {
            throw new IllegalStateException("The annotated classes do not compile");
        }
        return classes;
    }

    /** Returns milliseconds. */
    private static double start(String classPath, Path services) throws IOException {
        Process process = new ProcessBuilder(
                        WorkerProcess.JAVA,
                        "-cp",
                        classPath + System.getProperty("path.separator") + services,
                        Application.class.getName())
                .redirectError(ProcessBuilder.Redirect.INHERIT)
                .start();
        String output = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
        List<String> figures =
                output.lines().filter(line -> line.startsWith(MARK)).toList();
        if (figures.size() != 1) {
            throw new IllegalStateException("The application did not start: " + output);
        }
        return Long.parseLong(figures.get(0).substring(MARK.length())) / 1e6;
    }

    /** The application, which starts and ends. It locks in memory: no server takes part. */
    @SpringBootConfiguration(proxyBeanMethods = false)
    @EnableAutoConfiguration(
            excludeName = {
                "com.baomidou.lock.spring.boot.autoconfigure.LockAutoConfiguration",
                "com.baomidou.lock.spring.boot.autoconfigure.RedisTemplateLockAutoConfiguration"
            })
    static class Application {

        public static void main(String[] arguments) throws ClassNotFoundException {
            Class<?>[] sources = new Class<?>[BEANS + 1];
            sources[BEANS] = Application.class;
            for (int i = 0; i < BEANS; i++) {
                sources[i] = Class.forName(PACKAGE + ".Service" + i);
            }
            long begin = System.nanoTime();
            new SpringApplicationBuilder(sources)
                    .web(WebApplicationType.NONE)
                    .bannerMode(Banner.Mode.OFF)
                    .properties("distributed-lock.store=memory")
                    .run();
            System.out.println(MARK + (System.nanoTime() - begin));
            System.exit(0);
        }
    }
}
