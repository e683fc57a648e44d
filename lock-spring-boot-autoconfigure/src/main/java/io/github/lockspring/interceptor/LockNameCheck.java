package io.github.lockspring.interceptor;

import java.util.ArrayList;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/**
 * Finds expressions in place of a name: a name is not evaluated, so all calls would share one lock, named like the
 * expression. A {@code #} is not an expression if it could not be a variable, as in {@code OrderService#ship}.
 */
final class LockNameCheck {

    /** A template, whose content is an expression. */
    private static final Pattern TEMPLATE = Pattern.compile("#\\{(.*?)}");

    /** A variable and what is read from it. */
    private static final Pattern VARIABLE = Pattern.compile(
            "(?<![\\p{L}\\p{N}_$#])#([\\p{L}_$][\\p{L}\\p{N}_$]*)((?:\\??\\.[\\p{L}_$][\\p{L}\\p{N}_$]*|\\([^)]*\\)|\\[[^]]*])*)");

    /** A call of a bean. */
    private static final Pattern BEAN =
            Pattern.compile("@[\\p{L}_$][\\p{L}\\p{N}_$]*\\??\\.[\\p{L}_$][\\p{L}\\p{N}_$]*\\(.*\\)");

    private final LockParameters parameters;

    LockNameCheck(LockParameters parameters) {
        this.parameters = parameters;
    }

    /** What to write instead of a name, {@code null} if it is a name. */
    @Nullable String insteadOf(String name) {
        List<String> key = new ArrayList<>();
        String rest = cut(TEMPLATE, name, key);
        rest = cut(BEAN, rest, key);
        rest = cut(VARIABLE, rest, key);
        if (key.isEmpty()) {
            return null;
        }
        String staticName = rest.replaceAll("^[^\\p{L}\\p{N}]+|[^\\p{L}\\p{N}]+$", "");
        String parts = key.stream().map(part -> '"' + part + '"').collect(Collectors.joining(", "));
        return "Write name = \"" + (staticName.isEmpty() ? "order" : staticName) + "\", key = "
                + (key.size() > 1 ? '{' + parts + '}' : parts)
                + (staticName.isEmpty() ? ", with a name that describes what is locked" : "");
    }

    private String cut(Pattern pattern, String text, List<String> key) {
        StringBuilder rest = new StringBuilder();
        Matcher matcher = pattern.matcher(text);
        int copied = 0;
        while (matcher.find()) {
            if (pattern == VARIABLE && !isVariable(matcher, text)) {
                continue;
            }
            key.add(pattern == TEMPLATE ? expression(matcher.group(1).strip()) : matcher.group());
            rest.append(text, copied, matcher.start());
            copied = matcher.end();
        }
        return rest.append(text.substring(copied)).toString();
    }

    private String expression(String content) {
        return this.parameters.indexOf(content) != null ? '#' + content : content;
    }

    /** A name that no parameter has may be a typing error if it stands alone and the method has parameters at all. */
    private boolean isVariable(Matcher found, String text) {
        String variable = found.group(1);
        return variable.equals("root")
                || this.parameters.indexOf(variable) != null
                || this.parameters.lackNames()
                || !found.group(2).isEmpty()
                || this.parameters.count() > 0 && found.start() == 0 && found.end() == text.length();
    }
}
