package io.github.lockspring.autoconfigure;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalStateException;

import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.springframework.core.task.TaskDecorator;

class DecoratedTasksTests {

    private final List<String> journal = new ArrayList<>();

    @Test
    void decoratorsAreCalledOnceAtTheBeginning() {
        DecoratedTasks tasks = new DecoratedTasks(List.of(decorator("inner"), decorator("outer")));
        Runnable first = tasks.decorate(() -> this.journal.add("first"));
        Runnable second = tasks.decorate(() -> this.journal.add("second"));
        assertThat(this.journal).containsExactly("inner decorates", "outer decorates");

        second.run();
        first.run();
        assertThat(this.journal)
                .containsExactly(
                        "inner decorates",
                        "outer decorates",
                        "outer begins",
                        "inner begins",
                        "second",
                        "inner ends",
                        "outer ends",
                        "outer begins",
                        "inner begins",
                        "first",
                        "inner ends",
                        "outer ends");
    }

    @Test
    void taskThatRunsInTheMeantimeIsNotDecorated() {
        DecoratedTasks tasks = new DecoratedTasks(List.of(decorator("it")));
        Runnable other = tasks.decorate(() -> this.journal.add("other"));
        tasks.decorate(() -> {
                    other.run();
                    this.journal.add("task");
                })
                .run();
        assertThat(this.journal).containsExactly("it decorates", "it begins", "other", "task", "it ends");
    }

    @Test
    void taskAfterOneThatHasFailedIsDecorated() {
        DecoratedTasks tasks = new DecoratedTasks(List.of(decorator("it")));
        Runnable failing = tasks.decorate(() -> {
            throw new IllegalStateException("of the task");
        });
        assertThatIllegalStateException().isThrownBy(failing::run).withMessage("of the task");
        tasks.decorate(() -> this.journal.add("task")).run();
        assertThat(this.journal)
                .containsExactly("it decorates", "it begins", "it ends", "it begins", "task", "it ends");
    }

    private TaskDecorator decorator(String name) {
        return task -> {
            this.journal.add(name + " decorates");
            return () -> {
                this.journal.add(name + " begins");
                try {
                    task.run();
                } finally {
                    this.journal.add(name + " ends");
                }
            };
        };
    }
}
