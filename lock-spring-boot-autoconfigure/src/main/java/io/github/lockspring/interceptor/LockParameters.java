package io.github.lockspring.interceptor;

import java.lang.reflect.Method;
import java.util.HashMap;
import java.util.LinkedHashSet;
import java.util.Map;
import java.util.Set;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;
import org.springframework.core.DefaultParameterNameDiscoverer;
import org.springframework.core.ParameterNameDiscoverer;

/** The variables an expression may use, and the arguments they stand for. */
final class LockParameters {

    private static final ParameterNameDiscoverer NAMES = new DefaultParameterNameDiscoverer();

    private final Map<String, Integer> indexes = new HashMap<>();

    private final Set<String> names = new LinkedHashSet<>();

    private final Map<String, Integer> misplaced = new HashMap<>();

    private final int count;

    private boolean named;

    LockParameters(LockDeclaration declaration) {
        this.count = KotlinFunctions.parameterCount(declaration.method());
        for (int i = 0; i < this.count; i++) {
            this.indexes.put("p" + i, i);
            this.indexes.put("a" + i, i);
        }
        // An expression refers to the parameters next to it, even if an implementation names them differently.
        add(declaration.annotatedMethod());
        add(declaration.method());
        add(declaration.called());
    }

    private void add(@Nullable Method method) {
        @Nullable String @Nullable [] found = method != null ? NAMES.getParameterNames(method) : null;
        if (found == null) {
            return;
        }
        for (int i = 0; i < this.count; i++) {
            String name = found[i];
            Integer known = name != null ? this.indexes.putIfAbsent(name, i) : Integer.valueOf(i);
            if (known == null) {
                this.names.add(name);
            } else if (known != i && !this.named && isPosition(name, known)) {
                this.misplaced.put(name, i);
            }
        }
        this.named = true;
    }

    private static boolean isPosition(@Nullable String name, int index) {
        return ("p" + index).equals(name) || ("a" + index).equals(name);
    }

    /** How many parameters the method has. */
    int count() {
        return this.count;
    }

    /** The position of the argument, {@code null} if there is no such variable. */
    @Nullable Integer indexOf(String variable) {
        return this.indexes.get(variable);
    }

    /**
     * The position of the parameter whose name, next to the annotation, is like the position of another one; {@code
     * null} if the variable is unambiguous.
     */
    @Nullable Integer misplaced(String variable) {
        return this.misplaced.get(variable);
    }

    /** Whether the class file does not contain the names of the parameters. */
    boolean lackNames() {
        return this.count > 0 && !this.named;
    }

    /** The variables, for messages. */
    String describe() {
        if (this.count == 0) {
            return "The method has no parameters; use #root, #root.method, #root.target or @beans";
        }
        String positions = this.count == 1 ? "#p0" : "#p0 to #p" + (this.count - 1);
        String known = this.names.stream().map(name -> "#" + name + ", ").collect(Collectors.joining());
        return "Use " + known + positions + ", #root or @beans";
    }
}
