package io.github.lockspring.interceptor;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import io.github.lockspring.annotation.DistributedLock;
import org.junit.jupiter.api.Test;
import org.springframework.beans.factory.support.StaticListableBeanFactory;
import org.springframework.expression.EvaluationException;
import org.springframework.expression.spel.standard.SpelExpressionParser;
import org.springframework.expression.spel.support.StandardEvaluationContext;

class LockEvaluationContextTests {

    private final LockEvaluationContext context = new LockEvaluationContext(
            new StandardEvaluationContext(),
            new LockKeyConverters(new StaticListableBeanFactory()),
            ParsedLocks.operation(Orders.class, "place"),
            null,
            new Object[] {"7"});

    @Test
    void readsArguments() {
        assertThat(evaluate("#order")).isEqualTo("7");
        assertThat(evaluate("#a0 + #p0")).isEqualTo("77");
    }

    /** Without names in the class file, {@code #order?.id} would silently be null for all calls. */
    @Test
    void refusesUnknownVariablesInsteadOfTakingThemForNull() {
        assertThatExceptionOfType(EvaluationException.class)
                .isThrownBy(() -> evaluate("#other?.length()"))
                .withMessageContaining("unknown variable #other");
    }

    @Test
    void assignsNothing() {
        assertThatExceptionOfType(EvaluationException.class).isThrownBy(() -> evaluate("#order = 'x'"));
    }

    private Object evaluate(String expression) {
        return new SpelExpressionParser().parseExpression(expression).getValue(this.context);
    }

    static class Orders {

        @DistributedLock
        void place(String order) {}
    }
}
