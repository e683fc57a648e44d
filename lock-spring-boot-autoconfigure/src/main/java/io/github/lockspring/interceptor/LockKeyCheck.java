package io.github.lockspring.interceptor;

import io.github.lockspring.LockKeyType;
import io.github.lockspring.LockLease;
import io.github.lockspring.interceptor.LockKeyTypes.MissingProperty;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.springframework.core.ResolvableType;
import org.springframework.expression.spel.SpelNode;
import org.springframework.expression.spel.ast.CompoundExpression;
import org.springframework.expression.spel.ast.Elvis;
import org.springframework.expression.spel.ast.FunctionReference;
import org.springframework.expression.spel.ast.Indexer;
import org.springframework.expression.spel.ast.InlineList;
import org.springframework.expression.spel.ast.InlineMap;
import org.springframework.expression.spel.ast.OpPlus;
import org.springframework.expression.spel.ast.Projection;
import org.springframework.expression.spel.ast.PropertyOrFieldReference;
import org.springframework.expression.spel.ast.Selection;
import org.springframework.expression.spel.ast.Ternary;
import org.springframework.expression.spel.ast.VariableReference;

/** Walks a parsed expression and finds parts that no call could evaluate, or that cannot be a key. */
final class LockKeyCheck {

    private final LockDeclaration declaration;

    private final LockParameters parameters;

    private final String attribute;

    private final LockKeyTypes types;

    private final List<LockAnnotationProblem> problems = new ArrayList<>();

    private LockKeyCheck(LockDeclaration declaration, LockParameters parameters, String attribute) {
        this.declaration = declaration;
        this.parameters = parameters;
        this.attribute = attribute;
        this.types = new LockKeyTypes(declaration, parameters);
    }

    static List<LockAnnotationProblem> check(
            LockDeclaration declaration, LockParameters parameters, String attribute, SpelNode ast) {
        LockKeyCheck check = new LockKeyCheck(declaration, parameters, attribute);
        check.walk(ast, true);
        check.checkText(ast);
        return check.problems;
    }

    /** Finds variables and properties that do not exist, in an expression with a result of any type. */
    static List<LockAnnotationProblem> checkReferences(
            LockDeclaration declaration, LockParameters parameters, String attribute, SpelNode ast) {
        LockKeyCheck check = new LockKeyCheck(declaration, parameters, attribute);
        check.walk(ast, true);
        return check.problems;
    }

    /** Walks a node; names without {@code #} are properties of the call only at the beginning of a chain. */
    private void walk(SpelNode node, boolean ofCall) {
        if (node instanceof VariableReference || node instanceof FunctionReference) {
            checkVariable(node.toStringAST());
        } else if (ofCall && node instanceof PropertyOrFieldReference property) {
            checkProperty(property.getName());
        } else if (node instanceof CompoundExpression chain) {
            checkChain(chain, ofCall);
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
        Integer misplaced = this.parameters.misplaced(name);
        if (misplaced != null) {
            add(
                    "#" + name + " is ambiguous: parameter " + misplaced + " is named " + name + ", and #" + name
                            + " is parameter " + this.parameters.indexOf(name) + " by position, starting at 0",
                    "Rename the parameter, or write #root.args[" + misplaced + "] or #root.args["
                            + this.parameters.indexOf(name) + "]");
            return;
        }
        Integer index = this.parameters.indexOf(name);
        if (index != null && this.declaration.method().getParameterTypes()[index] == LockLease.class) {
            add(
                    "#" + name + " is the lease of the lock, which is not acquired before the expression is evaluated",
                    "Use another parameter");
            return;
        }
        if (name.equals("root") || name.equals("this") || index != null) {
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
            add("'" + name + "' is a property of the call itself, which does not have it", "Write #" + name);
        } else {
            add(
                    "'" + name + "' is a property of the call itself, which has only method, target and args",
                    this.parameters.describe() + "; literal text must be quoted: '" + name + "'");
        }
    }

    private void checkChain(CompoundExpression chain, boolean ofCall) {
        MissingProperty missing = this.types.missing(chain, ofCall);
        if (missing == null) {
            return;
        }
        if (missing.type() == LockExpressionRoot.class) {
            add(
                    "#root has no " + missing.name() + ", only method, target and args",
                    "Use one of these; the class of the bean is #root.target.class");
        } else {
            add(
                    "'" + missing.name() + "' in " + chain.toStringAST() + " is not a property of "
                            + missing.type().getTypeName() + ", which has no subtypes that could have it",
                    "Correct the name; a property is a public getter, accessor or field");
        }
    }

    /** A value that becomes the text of the key, or a part of it, must not be a container. */
    private void checkText(SpelNode node) {
        if (node instanceof Ternary) {
            checkText(node.getChild(1));
            checkText(node.getChild(2));
        } else if (node instanceof Elvis) {
            if (!isOptional(node.getChild(0))) {
                checkText(node.getChild(0));
            }
            checkText(node.getChild(1));
        } else if (node instanceof OpPlus && node.getChildCount() == 2) {
            checkText(node.getChild(0));
            checkText(node.getChild(1));
        } else if (node instanceof InlineList) {
            add(
                    node.toStringAST() + " is a container, which cannot be a key",
                    "Make each expression a part of the key: key = " + elementsOf(node));
        } else if (isContainer(node)) {
            add(
                    node.toStringAST() + " is a container, which cannot be a key",
                    "Use a value that identifies it, such as one of its elements; for several parts, write key ="
                            + " {\"#a\", \"#b\"}");
        }
    }

    /** The operator unwraps it. */
    private boolean isOptional(SpelNode node) {
        ResolvableType type = this.types.typeOf(node, true);
        return type != null && LockKeyTypes.classOf(type) == Optional.class;
    }

    private boolean isContainer(SpelNode node) {
        ResolvableType type = this.types.typeOf(node, true);
        return node instanceof InlineMap || type != null && LockKeyType.isContainer(LockKeyTypes.classOf(type));
    }

    private static String elementsOf(SpelNode list) {
        return IntStream.range(0, list.getChildCount())
                .mapToObj(i -> '"' + list.getChild(i).toStringAST() + '"')
                .collect(Collectors.joining(", ", "{", "}"));
    }

    private void add(String description, String action) {
        this.problems.add(this.declaration.problem(this.attribute, description, action));
    }
}
