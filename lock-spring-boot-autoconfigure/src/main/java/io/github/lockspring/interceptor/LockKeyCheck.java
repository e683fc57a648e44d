package io.github.lockspring.interceptor;

import java.util.ArrayList;
import java.util.List;
import org.springframework.expression.spel.SpelNode;
import org.springframework.expression.spel.ast.CompoundExpression;
import org.springframework.expression.spel.ast.FunctionReference;
import org.springframework.expression.spel.ast.Indexer;
import org.springframework.expression.spel.ast.InlineMap;
import org.springframework.expression.spel.ast.Projection;
import org.springframework.expression.spel.ast.PropertyOrFieldReference;
import org.springframework.expression.spel.ast.Selection;
import org.springframework.expression.spel.ast.VariableReference;

/** Walks a parsed key expression and finds what no call could ever evaluate. */
final class LockKeyCheck {

    private final LockDeclaration declaration;

    private final LockParameters parameters;

    private final String attribute;

    private final List<LockAnnotationProblem> problems = new ArrayList<>();

    private LockKeyCheck(LockDeclaration declaration, LockParameters parameters, String attribute) {
        this.declaration = declaration;
        this.parameters = parameters;
        this.attribute = attribute;
    }

    static List<LockAnnotationProblem> check(
            LockDeclaration declaration, LockParameters parameters, String attribute, SpelNode ast) {
        LockKeyCheck check = new LockKeyCheck(declaration, parameters, attribute);
        check.walk(ast, true);
        return check.problems;
    }

    /** Walks a node; names without {@code #} are properties of the call only where nothing else is in front of them. */
    private void walk(SpelNode node, boolean ofCall) {
        if (node instanceof VariableReference || node instanceof FunctionReference) {
            checkVariable(node.toStringAST());
        } else if (ofCall && node instanceof PropertyOrFieldReference property) {
            checkProperty(property.getName());
        }
        boolean compound = node instanceof CompoundExpression;
        boolean ofElement = node instanceof Indexer
                || node instanceof InlineMap
                || node instanceof Projection
                || node instanceof Selection;
        for (int i = 0; i < node.getChildCount(); i++) {
            SpelNode child = node.getChild(i);
            boolean behindAnother = compound && i > 0 && child instanceof PropertyOrFieldReference;
            walk(child, ofCall && !ofElement && !behindAnother);
        }
    }

    private void checkVariable(String reference) {
        int end = reference.indexOf('(');
        String name = reference.substring(1, end < 0 ? reference.length() : end);
        if (name.equals("root") || name.equals("this") || this.parameters.indexOf(name) != null) {
            return;
        }
        if (this.parameters.lackNames()) {
            add(
                    "#" + name + " cannot be found, because the parameter names are missing from the class file",
                    "Compile with -parameters, as Spring Boot's parent pom and Gradle plugin do, or use #p0 for the"
                            + " first parameter");
        } else {
            add("unknown variable #" + name, this.parameters.describe());
        }
    }

    private void checkProperty(String name) {
        if (LockExpressionRoot.PROPERTIES.contains(name)) {
            return;
        }
        if (this.parameters.indexOf(name) != null) {
            add("'" + name + "' is read from the call itself, which has no such property", "Write #" + name);
        } else {
            add(
                    "'" + name + "' is read from the call itself, which has method, target and args only",
                    this.parameters.describe() + "; text needs quotes: '" + name + "'");
        }
    }

    private void add(String description, String action) {
        this.problems.add(this.declaration.problem(this.attribute, description, action));
    }
}
