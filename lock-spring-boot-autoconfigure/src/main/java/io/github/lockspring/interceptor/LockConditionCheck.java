package io.github.lockspring.interceptor;

import java.lang.reflect.Modifier;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.springframework.core.ResolvableType;
import org.springframework.expression.EvaluationException;
import org.springframework.expression.spel.SpelNode;
import org.springframework.expression.spel.ast.BeanReference;
import org.springframework.expression.spel.ast.ConstructorReference;
import org.springframework.expression.spel.ast.FunctionReference;
import org.springframework.expression.spel.ast.MethodReference;
import org.springframework.expression.spel.ast.PropertyOrFieldReference;
import org.springframework.expression.spel.ast.TypeReference;
import org.springframework.expression.spel.ast.VariableReference;
import org.springframework.expression.spel.standard.SpelExpression;

/** Finds conditions that no call could evaluate, or that are never a boolean. */
final class LockConditionCheck {

    private LockConditionCheck() {}

    static List<LockAnnotationProblem> check(
            LockDeclaration declaration, LockParameters parameters, String attribute, SpelExpression expression) {
        SpelNode ast = expression.getAST();
        List<LockAnnotationProblem> problems =
                new ArrayList<>(LockKeyCheck.checkReferences(declaration, parameters, attribute, ast));
        String found = isConstant(ast)
                ? notBoolean(expression)
                : notBoolean(new LockKeyTypes(declaration, parameters).typeOf(ast, true));
        if (problems.isEmpty() && found != null) {
            problems.add(declaration.problem(
                    attribute,
                    found,
                    "Write an expression that is true or false, such as #order.urgent or #count > 10"));
        }
        return problems;
    }

    private static @Nullable String notBoolean(SpelExpression constant) {
        try {
            Object value = constant.getValue();
            return value instanceof Boolean ? null : "it is always " + value + ", which is not a boolean";
        } catch (EvaluationException ex) {
            return "it cannot be evaluated: " + ex.getMessage();
        }
    }

    /** A value of a type that has subtypes may still be a boolean. */
    private static @Nullable String notBoolean(@Nullable ResolvableType declared) {
        Class<?> type = declared != null ? LockKeyTypes.classOf(declared) : Boolean.class;
        return type == Boolean.class || !Modifier.isFinal(type.getModifiers())
                ? null
                : "its value is of " + type.getName() + ", which is not a boolean";
    }

    /** Whether an expression reads nothing at all, such as a literal that a property has. */
    private static boolean isConstant(SpelNode node) {
        if (node instanceof VariableReference
                || node instanceof PropertyOrFieldReference
                || node instanceof MethodReference
                || node instanceof FunctionReference
                || node instanceof BeanReference
                || node instanceof TypeReference
                || node instanceof ConstructorReference) {
            return false;
        }
        for (int i = 0; i < node.getChildCount(); i++) {
            if (!isConstant(node.getChild(i))) {
                return false;
            }
        }
        return true;
    }
}
