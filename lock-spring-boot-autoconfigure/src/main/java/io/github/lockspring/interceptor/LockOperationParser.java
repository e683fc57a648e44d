package io.github.lockspring.interceptor;

import io.github.lockspring.LockDurations;
import io.github.lockspring.LockOptions;
import io.github.lockspring.annotation.DistributedLock;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;
import org.springframework.core.annotation.AnnotationConfigurationException;
import org.springframework.expression.ParseException;
import org.springframework.expression.spel.standard.SpelExpression;
import org.springframework.expression.spel.standard.SpelExpressionParser;
import org.springframework.format.datetime.standard.DurationFormatterUtils;
import org.springframework.util.StringValueResolver;

/** Makes an operation of one annotation, or finds everything that is wrong with it. Used once. */
final class LockOperationParser {

    private static final SpelExpressionParser EXPRESSIONS = new SpelExpressionParser();

    private final LockDeclaration declaration;

    private final StringValueResolver placeholders;

    private final List<LockAnnotationProblem> problems = new ArrayList<>();

    LockOperationParser(LockDeclaration declaration, StringValueResolver placeholders) {
        this.declaration = declaration;
        this.placeholders = placeholders;
    }

    LockOperation parse() {
        DistributedLock annotation = annotation();
        LockParameters parameters = new LockParameters(this.declaration);
        LockOptions options = LockOptions.named(name(annotation, parameters));
        options = waitTime(annotation, options);
        options = leaseTime(annotation, options);
        options = renew(annotation, options);
        List<LockKeyExpression> key = key(annotation, parameters);
        checkResult();
        failIfWrong();
        return new LockOperation(this.declaration, options, parameters, key);
    }

    private DistributedLock annotation() {
        try {
            long count = this.declaration.count();
            if (count > 1) {
                add(
                        "",
                        "is declared " + count + " times, directly or through other annotations",
                        "Keep one; for a second lock call another bean, or use LockOperations inside the method");
            }
            return this.declaration.annotation().synthesize();
        } catch (AnnotationConfigurationException ex) {
            add("", "the attributes contradict each other: " + ex.getMessage(), "Set one of name and value, not both");
            throw new InvalidLockAnnotationException(this.problems);
        }
    }

    private String name(DistributedLock annotation, LockParameters parameters) {
        String attribute = attribute("name", annotation.name());
        String name = annotation.name().isEmpty() ? defaultName() : resolve(attribute, annotation.name());
        if (name == null) {
            return this.declaration.defaultName();
        }
        if (name.isBlank() || name.contains("${")) {
            add(attribute, "the name resolves to \"" + name + "\"", "Define the property, or write a static name");
            return this.declaration.defaultName();
        }
        String instead = new LockNameCheck(parameters).insteadOf(name);
        if (instead != null) {
            add(attribute, "a name is not evaluated, so all calls would share the lock \"" + name + "\"", instead);
        }
        return name;
    }

    private String defaultName() {
        if (!this.declaration.hasStableClassName()) {
            add(
                    "",
                    "the bean's class is generated, so its name is not the same in every process",
                    "Set name, such as @DistributedLock(name = \"order\")");
        }
        return this.declaration.defaultName();
    }

    private LockOptions waitTime(DistributedLock annotation, LockOptions options) {
        return time(
                attribute("waitTime", annotation.waitTime()),
                annotation.waitTime(),
                options,
                options::waitTime,
                "Use a duration such as \"5s\" or \"PT5S\", \"0s\" or \"forever\"");
    }

    private LockOptions leaseTime(DistributedLock annotation, LockOptions options) {
        return time(
                attribute("leaseTime", annotation.leaseTime()),
                annotation.leaseTime(),
                options,
                options::leaseTime,
                "Use a duration of at least one second, such as \"30s\" or \"PT30S\"");
    }

    private LockOptions time(
            String attribute, String written, LockOptions options, Function<Duration, LockOptions> set, String action) {
        String text = resolve(attribute, written);
        if (text == null || text.isBlank()) {
            return options;
        }
        try {
            return set.apply(LockDurations.parse(text, DurationFormatterUtils::detectAndParse));
        } catch (IllegalArgumentException ex) {
            if (isNumber(text)) {
                add(
                        attribute,
                        "\"" + text + "\" has no unit and means milliseconds: " + ex.getMessage(),
                        "Write the unit: \"" + text.strip() + "s\" for seconds");
            } else {
                add(attribute, "\"" + text + "\" cannot be used: " + ex.getMessage(), action);
            }
            return options;
        }
    }

    private static boolean isNumber(String text) {
        return text.strip().chars().allMatch(Character::isDigit);
    }

    private LockOptions renew(DistributedLock annotation, LockOptions options) {
        String attribute = attribute("renew", annotation.renew());
        String text = resolve(attribute, annotation.renew());
        if (text == null || text.isBlank()) {
            return options;
        }
        String value = text.strip();
        if (!value.equalsIgnoreCase("true") && !value.equalsIgnoreCase("false")) {
            add(attribute, "\"" + text + "\" is neither true nor false", "Use \"true\", \"false\", or omit it");
            return options;
        }
        return options.renew(Boolean.parseBoolean(value));
    }

    private List<LockKeyExpression> key(DistributedLock annotation, LockParameters parameters) {
        List<LockKeyExpression> key = new ArrayList<>();
        for (String text : annotation.key()) {
            String attribute = attribute("key", text);
            if (text.isBlank()) {
                add(
                        attribute,
                        "the expression is blank",
                        "Write an expression for the part that varies, such as" + " #order.id, or omit key");
                continue;
            }
            String resolved = text.contains("${") ? resolve(attribute, text) : text;
            if (resolved == null) {
                continue;
            }
            if (resolved.contains("${")) {
                add(attribute, "the key resolves to \"" + resolved + "\"", "Define the property");
                continue;
            }
            try {
                SpelExpression expression = EXPRESSIONS.parseRaw(resolved);
                this.problems.addAll(LockKeyCheck.check(this.declaration, parameters, attribute, expression.getAST()));
                key.add(new LockKeyExpression(text, LockKeyOperand.checked(expression)));
            } catch (ParseException | IllegalStateException ex) {
                add(
                        attribute,
                        "is not a valid SpEL expression: " + ex.getMessage(),
                        "Correct it; literal text must be quoted: 'text'");
            }
        }
        return key;
    }

    private void checkResult() {
        if (AsynchronousResults.isReturnedBy(this.declaration)) {
            add(
                    "",
                    "the method returns before its work is done ("
                            + this.declaration.method().getGenericReturnType().getTypeName()
                            + "), and the lock would be released immediately",
                    "Return the result itself, or hold the lock with LockOperations.acquireAsync until it completes");
        }
    }

    private @Nullable String resolve(String attribute, String text) {
        try {
            return this.placeholders.resolveStringValue(text);
        } catch (IllegalArgumentException ex) {
            add(
                    attribute,
                    "the placeholder cannot be resolved: " + ex.getMessage(),
                    "Define the property, or give a default: ${property:default}");
            return null;
        }
    }

    private static String attribute(String name, String text) {
        return name + " = \"" + text + "\"";
    }

    private void add(String attribute, String description, String action) {
        this.problems.add(this.declaration.problem(attribute, description, action));
    }

    private void failIfWrong() {
        if (!this.problems.isEmpty()) {
            throw new InvalidLockAnnotationException(this.problems);
        }
    }
}
