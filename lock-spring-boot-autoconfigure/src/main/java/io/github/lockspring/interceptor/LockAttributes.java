package io.github.lockspring.interceptor;

import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.springframework.util.StringValueResolver;

/** Resolves the attributes of one annotation, and collects what is wrong with them. Used by one thread. */
final class LockAttributes {

    private final LockDeclaration declaration;

    private final StringValueResolver placeholders;

    private final List<LockAnnotationProblem> problems = new ArrayList<>();

    LockAttributes(LockDeclaration declaration, StringValueResolver placeholders) {
        this.declaration = declaration;
        this.placeholders = placeholders;
    }

    /** An attribute as it is written, for messages. */
    static String written(String name, String text) {
        return name + " = \"" + text + "\"";
    }

    LockDeclaration declaration() {
        return this.declaration;
    }

    /** The text with its placeholders resolved; {@code null} if that is a problem. */
    @Nullable String resolve(String attribute, String text) {
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

    void add(String attribute, String description, String action) {
        this.problems.add(this.declaration.problem(attribute, description, action));
    }

    void addAll(List<LockAnnotationProblem> others) {
        this.problems.addAll(others);
    }

    boolean areWrong() {
        return !this.problems.isEmpty();
    }

    void failIfWrong() {
        if (areWrong()) {
            throw failure();
        }
    }

    /** For a problem that leaves nothing else to check. */
    InvalidLockAnnotationException failure() {
        return new InvalidLockAnnotationException(this.problems);
    }
}
