package io.github.lockspring;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.regex.MatchResult;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/**
 * Comments, Javadoc and messages of the main sources use plain English, and the words of the glossary in
 * docs/architecture.md ("Words"). This test holds a short list of words that were used before, or that suggest
 * themselves, and of the words to use instead.
 */
class WordingTests {

    private static final Path SOURCES = Path.of("src/main");

    private static final List<Rule> RULES = List.of(
            // plain English
            Rule.of("anew", "again"),
            Rule.of("whoever|whomever", "the caller, the owner, code that"),
            Rule.of("somebody|someone|anybody|anyone", "another caller, another owner"),
            Rule.of("nobody|no one", "no caller, no owner"),
            Rule.of("(is|are) to be", "must be"),
            Rule.of("any more", "no longer"),
            Rule.of("(may|might|can) yet", "may still"),
            Rule.of("meanwhile", "in the meantime"),
            Rule.of("hereby|thereby|herein|therein|wherein", "here, so, there"),
            // the glossary
            Rule.of("fence tokens?", "fencing token"),
            Rule.of("lease (duration|length|period|timeout)s?", "lease time"),
            Rule.of("TTLs?|time-to-live", "lease time, time to live"),
            Rule.of("waiting time|wait (duration|timeout)", "wait time"),
            Rule.of("(?<!sync\\.)mutex(es)?", "lock"),
            Rule.of("(lock|holder) ids?", "owner"),
            Rule.of("heartbeats?|watchdogs?", "renewal"),
            Rule.of("(?<![-.])timeouts?", "time-out"),
            Rule.of("failovers?", "fail-over"),
            Rule.of("(?-i:[Hh]andoffs?)", "hand-off"),
            Rule.of("handovers?", "hand-over"),
            Rule.of("reentry|reentrance", "re-entry"));

    /** Comments, text blocks, strings and characters; a comment sign inside of a string does not begin a comment. */
    private static final Pattern JAVA_TEXT = Pattern.compile(
            "/\\*(?s:.*?)\\*/|//[^\\n]*|\"\"\"(?s:.*?)\"\"\"|\"(?:[^\"\\\\\\n]|\\\\.)*+\"|'(?:[^'\\\\\\n]|\\\\.)*+'");

    private static final Pattern LUA_TEXT = Pattern.compile("--[^\\n]*");

    private static final Pattern JSON_TEXT = Pattern.compile("\"description\": *\"[^\"]*\"");

    private static final Pattern CODE = Pattern.compile("\\{@(?:code|link|value)\\s[^}]*}");

    private static final Pattern LINE_START = Pattern.compile("\\s*\\n\\s*(?:\\*(?!/)|//|--)?\\s*");

    @Test
    void mainSourcesUseTheWordsOfTheGlossary() throws IOException {
        try (Stream<Path> files = Files.walk(SOURCES)) {
            assertThat(files.filter(Files::isRegularFile).flatMap(WordingTests::check))
                    .as("words of the main sources for which there is a better one")
                    .isEmpty();
        }
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "/** Asks anew. */ | 'anew'",
                "// the lock is free for someone | 'someone'",
                "/**\\n * The lease is\\n * to be renewed. */ | 'is to be'",
                "String s = \"The lease duration \" | 'lease duration'",
                "String s = \"it\" + \" has a TTL\" | 'TTL'",
            })
    void findsAWord(String source, String found) {
        assertThat(check("Lock.java", JAVA_TEXT, source.replace("\\n", "\n")))
                .singleElement()
                .asString()
                .contains(found);
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "boolean mutex = isNobody() // the lock",
                "/** See {@link Mutex} and {@code timeout}. */",
                "String s = \"Set 'distributed-lock.redis.command-timeout'\"",
                "String s = \"timeout\"",
            })
    void ignoresCode(String source) {
        assertThat(check("Lock.java", JAVA_TEXT, source)).isEmpty();
    }

    private static Stream<String> check(Path file) {
        String name = file.getFileName().toString();
        Pattern text = name.endsWith(".lua") ? LUA_TEXT : name.endsWith(".json") ? JSON_TEXT : JAVA_TEXT;
        try {
            return check(name, text, Files.readString(file));
        } catch (IOException ex) {
            throw new UncheckedIOException(ex);
        }
    }

    private static Stream<String> check(String file, Pattern text, String source) {
        return text.matcher(source).results().flatMap(result -> {
            int line = 1 + (int) source.substring(0, result.start()).lines().count();
            String prose = prose(result);
            return RULES.stream()
                    .flatMap(rule -> rule.check(prose))
                    .map(found -> file + ", at line " + line + ": " + found);
        });
    }

    /** The text in one line, without code; empty for a string without a blank, which is a name. */
    private static String prose(MatchResult result) {
        String text =
                CODE.matcher(LINE_START.matcher(result.group()).replaceAll(" ")).replaceAll(" ");
        return text.startsWith("\"") && !text.strip().contains(" ") ? "" : text;
    }

    private record Rule(Pattern pattern, String instead) {

        static Rule of(String words, String instead) {
            return new Rule(Pattern.compile("\\b(?:" + words + ")\\b", Pattern.CASE_INSENSITIVE), instead);
        }

        Stream<String> check(String prose) {
            return this.pattern
                    .matcher(prose)
                    .results()
                    .map(found -> "'" + found.group() + "'; use instead: " + this.instead);
        }
    }
}
