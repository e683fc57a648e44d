package io.github.lockspring.samples.support;

import java.io.File;
import java.lang.management.ManagementFactory;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.springframework.boot.system.ApplicationHome;

/** The command that starts this program again in a JVM of its own, from its jar or from wherever its classes are. */
final class JavaCommand {

    /** The argument that has processes start from the code that Spring has generated when the sample was built. */
    private static final String AHEAD_OF_TIME = "--aot";

    private JavaCommand() {}

    static List<String> of(Class<?> application, List<String> arguments) {
        List<String> command = new ArrayList<>();
        command.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
        // Short lives, several of them at a time on few cores: start quickly, take little memory.
        command.addAll(List.of("-XX:+UseSerialGC", "-XX:TieredStopAtLevel=1", "-Xmx256m"));
        ManagementFactory.getRuntimeMXBean().getInputArguments().stream()
                .filter(argument -> argument.startsWith("-D"))
                .forEach(command::add);
        if (arguments.contains(AHEAD_OF_TIME)) {
            command.add("-Dspring.aot.enabled=true");
        }
        File source = new ApplicationHome(application).getSource();
        if (source != null && source.isFile()) {
            command.addAll(List.of("-jar", source.getPath()));
        } else {
            command.addAll(List.of("-cp", System.getProperty("java.class.path"), application.getName()));
        }
        command.addAll(arguments);
        return command;
    }
}
