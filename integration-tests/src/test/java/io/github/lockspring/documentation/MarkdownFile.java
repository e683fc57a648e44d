package io.github.lockspring.documentation;

import java.io.IOException;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;

/**
 * A Markdown file, as far as these tests read one: fenced code, code in back-ticks, headings, links.
 *
 * @param path where it is
 * @param prose the lines outside of fenced code
 * @param blocks fenced code
 */
record MarkdownFile(Path path, List<String> prose, List<CodeBlock> blocks) {

    /** The directory of the project; that of this module is the working directory. */
    static final Path PROJECT = Path.of("").toAbsolutePath().getParent();

    private static final Pattern FENCE = Pattern.compile("( *)```(\\w*)");

    private static final Pattern INLINE_CODE = Pattern.compile("`([^`]+)`");

    /** The text of a link may go on in the next line. */
    private static final Pattern LINK = Pattern.compile("\\[[^\\[\\]]*]\\(([^()\\s]+)\\)");

    private static final Pattern HEADING = Pattern.compile("(?m)^#+ +(.+)$");

    /** All those of the project. */
    static List<MarkdownFile> all() throws IOException {
        List<Path> directories =
                new ArrayList<>(List.of(PROJECT, PROJECT.resolve("docs"), PROJECT.resolve("benchmarks")));
        try (Stream<Path> samples = Files.list(PROJECT.resolve("samples"))) {
            samples.filter(Files::isDirectory).forEach(directories::add);
        }
        List<MarkdownFile> files = new ArrayList<>();
        for (Path directory : directories) {
            try (DirectoryStream<Path> paths = Files.newDirectoryStream(directory, "*.md")) {
                for (Path path : paths) {
                    files.add(read(path));
                }
            }
        }
        return files;
    }

    static MarkdownFile read(Path path) throws IOException {
        String name = PROJECT.relativize(path).toString();
        List<String> prose = new ArrayList<>();
        List<CodeBlock> blocks = new ArrayList<>();
        List<String> code = new ArrayList<>();
        Matcher open = null;
        int number = 0;
        for (String line : Files.readAllLines(path)) {
            number++;
            Matcher fence = FENCE.matcher(line);
            if (open == null && fence.lookingAt()) {
                open = fence;
            } else if (open == null) {
                prose.add(line);
            } else if (fence.lookingAt()) {
                blocks.add(new CodeBlock(name, number - code.size(), open.group(2), List.copyOf(code)));
                code.clear();
                open = null;
            } else {
                code.add(line.substring(Math.min(open.group(1).length(), line.length())));
            }
        }
        if (open != null) {
            throw new IllegalStateException("The last fenced code of " + name + " has no end");
        }
        return new MarkdownFile(path, prose, blocks);
    }

    List<String> inlineCode() {
        return found(INLINE_CODE, text());
    }

    /** Where links lead to. */
    List<String> links() {
        return found(LINK, INLINE_CODE.matcher(text()).replaceAll("code"));
    }

    /** What follows the {@code #} of a link, as GitHub makes it of headings. */
    Set<String> anchors() {
        Map<String, Integer> times = new HashMap<>();
        Set<String> anchors = new HashSet<>();
        for (String heading : found(HEADING, text())) {
            String anchor = anchor(heading);
            int before = times.merge(anchor, 1, Integer::sum) - 1;
            anchors.add(before == 0 ? anchor : anchor + '-' + before);
        }
        return anchors;
    }

    private static String anchor(String heading) {
        return heading.strip()
                .toLowerCase(Locale.ROOT)
                .replaceAll("\\[([^]]*)]\\([^)]*\\)", "$1")
                .replaceAll("[^\\p{L}\\p{N} _-]", "")
                .replace(' ', '-');
    }

    private String text() {
        return String.join("\n", this.prose);
    }

    private static List<String> found(Pattern pattern, String text) {
        return pattern.matcher(text).results().map(match -> match.group(1)).toList();
    }

    @Override
    public String toString() {
        return PROJECT.relativize(this.path).toString();
    }
}
