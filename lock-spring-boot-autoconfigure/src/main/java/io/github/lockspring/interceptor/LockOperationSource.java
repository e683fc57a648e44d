package io.github.lockspring.interceptor;

import io.github.lockspring.LockSettings;
import java.lang.reflect.Method;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.SortedSet;
import java.util.TreeSet;
import java.util.concurrent.ConcurrentHashMap;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;
import org.springframework.beans.factory.BeanFactory;
import org.springframework.beans.factory.BeanFactoryAware;
import org.springframework.beans.factory.config.ConfigurableBeanFactory;
import org.springframework.core.MethodClassKey;
import org.springframework.util.StringValueResolver;

/**
 * Resolves a {@link io.github.lockspring.annotation.DistributedLock}, once per method and class. Thread-safe.
 *
 * @since 0.1
 */
public final class LockOperationSource implements BeanFactoryAware {

    private volatile StringValueResolver placeholders;

    private final boolean ofBeanFactory;

    private final boolean none;

    private final List<AsyncResults> asynchronous;

    private final NamesakeAnnotations namesakes = new NamesakeAnnotations();

    private final LockFairness fairness = new LockFairness();

    private final Map<MethodClassKey, LockOperation> operations = new ConcurrentHashMap<>();

    private volatile boolean found;

    /**
     * Creates a source.
     *
     * @param placeholders resolves {@code ${...}} in attributes
     */
    public LockOperationSource(StringValueResolver placeholders) {
        this(placeholders, false, false, List.of());
    }

    /**
     * Creates a source whose placeholders are resolved by the bean factory that it is a bean of. To have that injected
     * would make the container look for beans by type, and create some, before there are proxies.
     */
    public LockOperationSource() {
        this(List.of());
    }

    /**
     * Creates a source as {@link #LockOperationSource()} does, for methods with further kinds of results.
     *
     * @param asynchronous hold the locks of methods whose results say when their work is done, in addition to {@link
     *     java.util.concurrent.CompletionStage}
     */
    public LockOperationSource(List<AsyncResults> asynchronous) {
        this(text -> text, true, false, asynchronous);
    }

    private LockOperationSource(
            StringValueResolver placeholders, boolean ofBeanFactory, boolean none, List<AsyncResults> asynchronous) {
        this.placeholders = placeholders;
        this.ofBeanFactory = ofBeanFactory;
        this.none = none;
        this.asynchronous = new ArrayList<>(asynchronous);
        this.asynchronous.add(new StageResults());
    }

    @Override
    public void setBeanFactory(BeanFactory beanFactory) {
        if (this.ofBeanFactory && beanFactory instanceof ConfigurableBeanFactory configurable) {
            this.placeholders = configurable::resolveEmbeddedValue;
        }
    }

    /**
     * Returns a source that knows no annotations: where locking is switched off.
     *
     * @return no method has an operation
     */
    public static LockOperationSource none() {
        return new LockOperationSource(text -> text, false, true, List.of());
    }

    /**
     * Returns whether an annotation applies to a method, valid or not.
     *
     * @param method the method, as seen by the caller
     * @param targetClass the class of the bean
     * @return whether calls must be locked
     */
    public boolean isLocked(Method method, Class<?> targetClass) {
        return find(method, targetClass) != null;
    }

    /**
     * Returns the names of the locks of all methods that were looked at so far.
     *
     * @return the names, sorted
     */
    public SortedSet<String> names() {
        return this.operations.values().stream()
                .map(operation -> operation.options().lockName().name())
                .collect(Collectors.toCollection(TreeSet::new));
    }

    /**
     * Returns how many annotated methods were looked at so far.
     *
     * @return the number of methods, one for each class of beans that has it
     */
    public int size() {
        return this.operations.size();
    }

    /**
     * Returns how all methods are locked that were looked at so far, for a log.
     *
     * @param settings the settings that apply
     * @return one line for each method, sorted
     */
    public SortedSet<String> describe(LockSettings settings) {
        return this.operations.values().stream()
                .map(operation -> LockInventory.describe(operation, settings))
                .collect(Collectors.toCollection(TreeSet::new));
    }

    /**
     * Returns whether, of the methods that were looked at so far, one is locked without blocking the thread of its caller.
     *
     * @return whether the work of such a method begins on another thread
     */
    public boolean hasAsynchronous() {
        return this.operations.values().stream()
                .anyMatch(operation -> operation.asynchronous() != null
                        || LockOperationParser.isAsynchronous(operation.declaration()));
    }

    /** The operations of all methods that were looked at so far. */
    Collection<LockOperation> operations() {
        return this.operations.values();
    }

    /** Finds methods whose name stands for two kinds of locks. */
    LockFairness fairness() {
        return this.fairness;
    }

    /**
     * Returns whether no annotated method was found so far, not even one that was not looked at.
     *
     * @return {@code false} from the first annotated method on
     */
    public boolean isEmpty() {
        return !this.found;
    }

    /** The operation of a method, {@code null} without annotation. */
    @Nullable LockOperation operation(Method method, Class<?> targetClass) {
        MethodClassKey key = new MethodClassKey(method, targetClass);
        LockOperation known = this.operations.get(key);
        if (known != null) {
            return known;
        }
        LockDeclaration declaration = find(method, targetClass);
        return declaration != null ? parse(key, declaration) : null;
    }

    /** The operation of an annotation that has been found. */
    LockOperation operation(LockDeclaration declaration) {
        MethodClassKey key = new MethodClassKey(declaration.called(), declaration.beanClass());
        LockOperation known = this.operations.get(key);
        return known != null ? known : parse(key, declaration);
    }

    List<AsyncResults> asynchronous() {
        return this.asynchronous;
    }

    boolean isNone() {
        return this.none;
    }

    private @Nullable LockDeclaration find(Method method, Class<?> targetClass) {
        LockDeclaration declaration = this.none ? null : LockDeclaration.find(method, targetClass);
        if (declaration != null) {
            this.found = true;
        }
        return declaration;
    }

    private LockOperation parse(MethodClassKey key, LockDeclaration declaration) {
        this.found = true;
        this.namesakes.check(declaration);
        LockOperation operation = new LockOperationParser(declaration, this.placeholders, this.asynchronous).parse();
        this.operations.put(key, operation);
        return operation;
    }
}
