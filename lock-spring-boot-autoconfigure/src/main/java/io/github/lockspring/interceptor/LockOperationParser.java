package io.github.lockspring.interceptor;

import io.github.lockspring.LockOptions;
import io.github.lockspring.annotation.DistributedLock;
import io.github.lockspring.annotation.OnContention;
import java.lang.reflect.Method;
import java.util.Arrays;
import java.util.List;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.springframework.core.annotation.AliasFor;
import org.springframework.core.annotation.AnnotationConfigurationException;
import org.springframework.core.annotation.MergedAnnotation;
import org.springframework.core.annotation.MergedAnnotations;
import org.springframework.core.annotation.MergedAnnotations.SearchStrategy;
import org.springframework.util.StringValueResolver;

/** Makes an operation of one annotation, or finds everything that is wrong with it. Used once. */
final class LockOperationParser {

    private static final List<String> TRANSACTIONAL =
            List.of("org.springframework.transaction.annotation.Transactional", "jakarta.transaction.Transactional");

    private static final List<String> ASYNCHRONOUS = List.of(
            "org.springframework.scheduling.annotation.Async",
            "jakarta.ejb.Asynchronous",
            "jakarta.enterprise.concurrent.Asynchronous");

    private final LockDeclaration declaration;

    private final LockAttributes attributes;

    private final List<AsyncResults> asynchronous;

    LockOperationParser(
            LockDeclaration declaration, StringValueResolver placeholders, List<AsyncResults> asynchronous) {
        this.declaration = declaration;
        this.asynchronous = asynchronous;
        this.attributes = new LockAttributes(declaration, placeholders);
    }

    LockOperation parse() {
        DistributedLock annotation = annotation();
        LockParameters parameters = new LockParameters(this.declaration);
        LockOptions options = options(annotation, parameters);
        LockExpressionParser expressions = new LockExpressionParser(this.attributes, parameters);
        List<LockKeyExpression> key = expressions.key(key(annotation));
        LockCondition condition = expressions.condition(annotation.condition());
        Fallback fallback = new FallbackSearch(this.attributes).find(annotation.fallback());
        boolean skips = annotation.onContention() == OnContention.SKIP;
        AsyncResults results = results();
        if (skips && fallback == null) {
            checkSkipped(annotation, results);
        }
        this.attributes.failIfWrong();
        LeaseParameters leases = LeaseParameters.of(this.declaration.method());
        return new LockOperation(
                this.declaration, options, parameters, key, condition, leases, fallback, skips, results);
    }

    private LockOptions options(DistributedLock annotation, LockParameters parameters) {
        LockOptions options = LockOptions.named(name(annotation, parameters))
                .times(LockTimesParser.parse(annotation, this.attributes))
                .reentrant(annotation.reentrant());
        return annotation.fair() ? options.fair(true) : options;
    }

    private DistributedLock annotation() {
        try {
            long count = this.declaration.count();
            if (count > 1) {
                this.attributes.add(
                        "",
                        "is declared " + count + " times, directly or through other annotations",
                        "Keep one; for a second lock call another bean, or use LockOperations inside the method");
            }
            if (this.declaration.contradictsItself()) {
                this.attributes.add(
                        "", "the same method is annotated with @NotLocked", "Remove one of the two annotations");
            }
            return this.declaration.annotation().synthesize();
        } catch (AnnotationConfigurationException ex) {
            this.attributes.add(
                    "",
                    "the attributes contradict each other: " + ex.getMessage(),
                    "Set one of name and value, not both");
            throw this.attributes.failure();
        }
    }

    /** A text that is an alias of the key has to have a default in the annotation that declares it: empty means no key. */
    private String[] key(DistributedLock annotation) {
        String[] key = annotation.key();
        return key.length == 1 && key[0].isEmpty() && isDefaultOfAlias() ? new String[0] : key;
    }

    private boolean isDefaultOfAlias() {
        MergedAnnotation<?> composed = this.declaration.annotation().getRoot();
        return Arrays.stream(composed.getType().getDeclaredMethods())
                .anyMatch(attribute -> isAliasOfKey(attribute)
                        && "".equals(attribute.getDefaultValue())
                        && composed.hasDefaultValue(attribute.getName()));
    }

    private static boolean isAliasOfKey(Method attribute) {
        AliasFor alias = attribute.getAnnotation(AliasFor.class);
        if (alias == null || alias.annotation() != DistributedLock.class) {
            return false;
        }
        String aliased = alias.attribute().isEmpty() ? alias.value() : alias.attribute();
        return aliased.equals("key") || aliased.isEmpty() && attribute.getName().equals("key");
    }

    /** Says nothing where a fallback is wrong: once it fits, it takes precedence. */
    private void checkSkipped(DistributedLock annotation, @Nullable AsyncResults results) {
        Class<?> returnType = this.declaration.returnType();
        boolean fallbackIsWrong = !annotation.fallback().isEmpty() && this.attributes.areWrong();
        if (SkippedResult.isMissing(returnType) && !fallbackIsWrong) {
            this.attributes.add(
                    "onContention = SKIP",
                    "a skipped call has no result, and " + returnType + " has no value that says so",
                    "Return a wrapper type or an Optional, or set fallback to a method that returns the result of"
                            + " such a call");
        } else if (results != null && !results.canSkip(this.declaration.method()) && !fallbackIsWrong) {
            this.attributes.add(
                    "onContention = SKIP",
                    "a skipped call has no result, and the type " + returnType.getSimpleName() + " is not nullable",
                    "Return " + returnType.getSimpleName() + "?, or set fallback to a function that returns the result"
                            + " of such a call");
        }
    }

    private String name(DistributedLock annotation, LockParameters parameters) {
        String attribute = LockAttributes.written("name", annotation.name());
        @Nullable String name =
                annotation.name().isEmpty() ? defaultName() : this.attributes.resolve(attribute, annotation.name());
        if (name == null) {
            return this.declaration.defaultName();
        }
        if (name.isBlank() || name.contains("${")) {
            this.attributes.add(
                    attribute, "the name resolves to \"" + name + "\"", "Define the property, or write a static name");
            return this.declaration.defaultName();
        }
        String instead = new LockNameCheck(parameters).insteadOf(name);
        if (instead != null) {
            this.attributes.add(
                    attribute, "a name is not evaluated, so all calls would share the lock \"" + name + "\"", instead);
        }
        return name;
    }

    private String defaultName() {
        if (!this.declaration.hasStableClassName()) {
            this.attributes.add(
                    "",
                    "the bean's class is generated, so its name is not the same in every process",
                    "Set name, such as @DistributedLock(name = \"order\")");
        }
        return this.declaration.defaultName();
    }

    /** Of Spring, or of Jakarta EE: neither needs to be there. */
    private static Stream<MergedAnnotation<?>> annotations(LockDeclaration declaration, List<String> types) {
        return Stream.of(declaration.method(), declaration.beanClass())
                .map(element -> MergedAnnotations.from(element, SearchStrategy.TYPE_HIERARCHY))
                .<MergedAnnotation<?>>flatMap(annotations -> types.stream().map(annotations::get))
                .filter(MergedAnnotation::isPresent);
    }

    /** Whether a method is annotated to run on a thread of an executor. */
    static boolean isAsynchronous(LockDeclaration declaration) {
        return annotations(declaration, ASYNCHRONOUS).findFirst().isPresent();
    }

    /** Whether a method is annotated to run in a transaction. */
    static boolean isTransactional(LockDeclaration declaration) {
        return annotations(declaration, TRANSACTIONAL)
                .findFirst()
                .filter(LockOperationParser::opensTransaction)
                .isPresent();
    }

    /** That of an asynchronous method is one of its executor's thread, around all that the method does there. */
    private void checkTransaction() {
        if (isTransactional(this.declaration) && !isAsynchronous(this.declaration)) {
            this.attributes.add(
                    "",
                    "the method is transactional and returns "
                            + this.declaration.returnType().getSimpleName()
                            + ": its transaction ends when it returns, before its work is done",
                    "Have that work call a transactional method of another bean, or return the result itself");
        }
    }

    private static boolean opensTransaction(MergedAnnotation<?> transactional) {
        String attribute = transactional.asMap().containsKey("propagation") ? "propagation" : "value";
        String propagation = String.valueOf(transactional.getValue(attribute).orElse(""));
        return !propagation.equals("NOT_SUPPORTED") && !propagation.equals("NEVER");
    }

    private @Nullable AsyncResults results() {
        Method method = this.declaration.method();
        boolean suspends = KotlinFunctions.isSuspending(method);
        Class<?> returned = suspends ? method.getReturnType() : this.declaration.returnType();
        for (AsyncResults results : this.asynchronous) {
            if (results.supports(method, returned)) {
                if (results.outlivesTransaction()) {
                    checkTransaction();
                }
                if (suspends && AsynchronousResults.isReturnedBy(this.declaration)) {
                    this.attributes.add(
                            "",
                            "the function suspends and returns "
                                    + this.declaration.returnType().getSimpleName()
                                    + ", whose work is not done when it returns",
                            "Remove suspend, or return the result itself");
                }
                return results;
            }
        }
        if (suspends) {
            KotlinFunctions.refuse(this.attributes);
        } else if (AsynchronousResults.isReturnedBy(this.declaration)) {
            this.attributes.add(
                    "",
                    "the method returns before its work is done ("
                            + this.declaration.method().getGenericReturnType().getTypeName()
                            + "), and the lock would be released immediately",
                    AsynchronousResults.REMEDY);
        }
        return null;
    }
}
