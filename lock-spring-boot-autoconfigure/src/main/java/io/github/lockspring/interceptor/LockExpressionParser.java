package io.github.lockspring.interceptor;

import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.springframework.expression.ParseException;
import org.springframework.expression.spel.standard.SpelExpression;
import org.springframework.expression.spel.standard.SpelExpressionParser;

/** Reads the expressions of an annotation: the parts of its key, and its condition. */
final class LockExpressionParser {

    private static final SpelExpressionParser EXPRESSIONS = new SpelExpressionParser();

    private final LockAttributes attributes;

    private final LockParameters parameters;

    LockExpressionParser(LockAttributes attributes, LockParameters parameters) {
        this.attributes = attributes;
        this.parameters = parameters;
    }

    List<LockKeyExpression> key(String[] written) {
        List<LockKeyExpression> key = new ArrayList<>();
        for (String text : written) {
            String attribute = LockAttributes.written("key", text);
            if (text.isBlank()) {
                this.attributes.add(
                        attribute,
                        "the expression is blank",
                        "Write an expression for the part that varies, such as #order.id, or omit key");
                continue;
            }
            SpelExpression expression = parse("key", text);
            if (expression != null) {
                this.attributes.addAll(LockKeyCheck.check(
                        this.attributes.declaration(), this.parameters, attribute, expression.getAST()));
                key.add(new LockKeyExpression(text, LockKeyOperand.checked(expression)));
            }
        }
        return key;
    }

    /** The condition; {@code null} if there is none, also where a property leaves it empty. */
    @Nullable LockCondition condition(String written) {
        SpelExpression expression = written.isBlank() ? null : parse("condition", written);
        if (expression == null) {
            return null;
        }
        String attribute = LockAttributes.written("condition", written);
        this.attributes.addAll(
                LockConditionCheck.check(this.attributes.declaration(), this.parameters, attribute, expression));
        return new LockCondition(attribute, expression);
    }

    /** A parsed expression; {@code null} if it is blank behind its placeholders, or wrong. */
    private @Nullable SpelExpression parse(String name, String text) {
        String attribute = LockAttributes.written(name, text);
        String resolved = text.contains("${") ? this.attributes.resolve(attribute, text) : text;
        if (resolved == null) {
            return null;
        }
        if (resolved.contains("${")) {
            this.attributes.add(attribute, "the " + name + " resolves to \"" + resolved + "\"", "Define the property");
            return null;
        }
        if (resolved.isBlank() && name.equals("condition")) {
            return null;
        }
        try {
            return EXPRESSIONS.parseRaw(resolved);
        } catch (ParseException | IllegalStateException ex) {
            this.attributes.add(
                    attribute,
                    "is not a valid SpEL expression: " + ex.getMessage(),
                    "Correct it; literal text must be quoted: 'text'");
            return null;
        }
    }
}
