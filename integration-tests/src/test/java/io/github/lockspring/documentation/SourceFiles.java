package io.github.lockspring.documentation;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;

/**
 * The sources of the library, its tests and benchmarks, as documentation names them: {@code package/Class}, also with a
 * {@code .member}, {@code script.lua}. A "*" or "…" stands for any part of a name.
 *
 * @param texts by path
 */
record SourceFiles(Map<String, String> texts) {

    private static final List<String> MODULES = List.of(
            "lock-spring-boot-autoconfigure",
            "lock-spring-boot-starter-test",
            "integration-tests",
            "actuator-tests",
            "benchmarks");

    private static final Pattern CLASS = Pattern.compile("((?:[a-z]+/)+[A-Z*][\\w*…]*)(?:\\.(?!md)(\\w+))?");

    private static final Pattern SCRIPT = Pattern.compile("[a-z]+\\.lua");

    static SourceFiles all() throws IOException {
        Map<String, String> texts = new HashMap<>();
        for (String module : MODULES) {
            Path sources = MarkdownFile.PROJECT.resolve(module).resolve("src");
            try (Stream<Path> paths = Files.walk(sources)) {
                for (Path path : paths.filter(Files::isRegularFile).toList()) {
                    texts.put(path.toUri().getPath(), Files.readString(path));
                }
            }
        }
        return new SourceFiles(texts);
    }

    /** Whether the source that a piece of code names is there; true if it names none. */
    boolean haveWhatIsNamedBy(String code) {
        Matcher type = CLASS.matcher(code);
        if (type.matches()) {
            String member = type.group(2);
            return have(type.group(1) + ".(java|kt)", member == null ? "" : "\\b" + member + "\\b");
        }
        return !SCRIPT.matcher(code).matches() || have(code, "");
    }

    private boolean have(String name, String content) {
        Pattern path = Pattern.compile(".*/" + name.replace(".", "\\.").replaceAll("[*…]", "[^/]*"));
        Pattern inside = Pattern.compile(content);
        return this.texts.entrySet().stream()
                .anyMatch(file -> path.matcher(file.getKey()).matches()
                        && inside.matcher(file.getValue()).find());
    }
}
