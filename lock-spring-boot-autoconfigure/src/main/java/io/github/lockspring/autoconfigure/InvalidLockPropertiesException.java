package io.github.lockspring.autoconfigure;

import java.util.List;
import java.util.stream.Collectors;

/** Properties of distributed locks have values that cannot work. */
final class InvalidLockPropertiesException extends RuntimeException {

    private static final long serialVersionUID = 1L;

    private final transient List<PropertyProblem> problems;

    InvalidLockPropertiesException(List<PropertyProblem> problems) {
        super(problems.stream().map(PropertyProblem::toString).collect(Collectors.joining("\n")));
        this.problems = List.copyOf(problems);
    }

    List<PropertyProblem> problems() {
        return this.problems;
    }
}
