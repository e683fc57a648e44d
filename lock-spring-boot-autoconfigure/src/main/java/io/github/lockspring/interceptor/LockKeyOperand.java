package io.github.lockspring.interceptor;

import io.github.lockspring.LockKeyException;
import io.github.lockspring.LockKeyType;
import org.springframework.expression.EvaluationException;
import org.springframework.expression.TypedValue;
import org.springframework.expression.spel.ExpressionState;
import org.springframework.expression.spel.SpelParserConfiguration;
import org.springframework.expression.spel.ast.CompoundExpression;
import org.springframework.expression.spel.ast.Elvis;
import org.springframework.expression.spel.ast.Literal;
import org.springframework.expression.spel.ast.MethodReference;
import org.springframework.expression.spel.ast.NullLiteral;
import org.springframework.expression.spel.ast.OpPlus;
import org.springframework.expression.spel.ast.SpelNodeImpl;
import org.springframework.expression.spel.ast.Ternary;
import org.springframework.expression.spel.standard.SpelExpression;

/**
 * An operand of {@code +} in a key expression. SpEL joins {@code null} as the text {@code null} and everything else by
 * its {@code toString()}; here it is held to the rule of key parts. Numbers stay numbers, so that they can be added.
 */
final class LockKeyOperand extends SpelNodeImpl {

    private LockKeyOperand(SpelNodeImpl operand) {
        super(operand.getStartPosition(), operand.getEndPosition(), operand);
    }

    /**
     * The expression, with a check of every operand that becomes a part of its text; unchanged if it does not
     * concatenate text.
     */
    static SpelExpression checked(SpelExpression expression) {
        SpelNodeImpl ast = (SpelNodeImpl) expression.getAST();
        SpelNodeImpl checked = checked(ast);
        return checked == ast
                ? expression
                : new SpelExpression(expression.getExpressionString(), checked, new SpelParserConfiguration());
    }

    private static SpelNodeImpl checked(SpelNodeImpl node) {
        if (node instanceof OpPlus && node.getChildCount() == 2) {
            return new OpPlus(
                    node.getStartPosition(), node.getEndPosition(), operand(child(node, 0)), operand(child(node, 1)));
        }
        if (!(node instanceof Ternary
                || node instanceof Elvis
                || node instanceof CompoundExpression
                || node instanceof MethodReference)) {
            return node;
        }
        // The condition of a ternary, and a property of a text in parentheses, is not a part of the text.
        SpelNodeImpl[] children = new SpelNodeImpl[node.getChildCount()];
        boolean changed = false;
        for (int i = 0; i < children.length; i++) {
            SpelNodeImpl child = child(node, i);
            boolean ofText = node instanceof Ternary ? i > 0 : !(node instanceof CompoundExpression) || i == 0;
            children[i] = ofText || child instanceof MethodReference ? checked(child) : child;
            changed |= children[i] != child;
        }
        return changed ? rebuilt(node, children) : node;
    }

    private static SpelNodeImpl rebuilt(SpelNodeImpl node, SpelNodeImpl[] children) {
        int start = node.getStartPosition();
        int end = node.getEndPosition();
        if (node instanceof Ternary) {
            return new Ternary(start, end, children);
        }
        if (node instanceof MethodReference call) {
            return new MethodReference(call.isNullSafe(), call.getName(), start, end, children);
        }
        return node instanceof Elvis ? new Elvis(start, end, children) : new CompoundExpression(start, end, children);
    }

    private static SpelNodeImpl operand(SpelNodeImpl node) {
        SpelNodeImpl checked = checked(node);
        return checked instanceof OpPlus || checked instanceof Literal && !(checked instanceof NullLiteral)
                ? checked
                : new LockKeyOperand(checked);
    }

    private static SpelNodeImpl child(SpelNodeImpl node, int index) {
        return (SpelNodeImpl) node.getChild(index);
    }

    @Override
    public TypedValue getValueInternal(ExpressionState state) {
        TypedValue operand = this.children[0].getValueInternal(state);
        Object value = operand.getValue();
        if (value instanceof String
                || value instanceof Number && !LockKeyType.of(value.getClass()).isRefused()) {
            return operand;
        }
        try {
            return new TypedValue(((LockEvaluationContext) state.getEvaluationContext()).textOf(value));
        } catch (LockKeyException ex) {
            throw new EvaluationException("the operand " + toStringAST() + " of + " + ex.getMessage());
        }
    }

    @Override
    public String toStringAST() {
        return this.children[0].toStringAST();
    }
}
