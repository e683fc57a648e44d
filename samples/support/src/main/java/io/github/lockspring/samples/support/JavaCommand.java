package io.github.lockspring.samples.support;

import java.io.File;
import java.lang.management.ManagementFactory;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.springframework.boot.system.ApplicationHome;

/** The command that starts this program again in a JVM of its own, from its jar or from wherever its classes are. */
final class JavaCommand {

    private JavaCommand() {}

    static List<String> of(Class<?> application, List<String> arguments) {
        List<String> command = new ArrayList<>();
        command.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
        // Short lives, several of them at a time on few cores: start quickly, take little memory.
        command.addAll(List.of("-XX:+UseSerialGC", "-XX:TieredStopAtLevel=1", "-Xmx256m"));
        ManagementFactory.getRuntimeMXBean().getInputArguments().stream()
                .filter(argument -> argument.startsWith("-D"))
                .forEach(command::add);
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
