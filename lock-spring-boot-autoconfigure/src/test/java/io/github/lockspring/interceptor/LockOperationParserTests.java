package io.github.lockspring.interceptor;

import static io.github.lockspring.interceptor.ParsedLocks.operation;
import static io.github.lockspring.interceptor.ParsedLocks.problem;
import static io.github.lockspring.interceptor.ParsedLocks.problems;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import io.github.lockspring.LockDurations;
import io.github.lockspring.LockOptions;
import io.github.lockspring.LockSettings;
import io.github.lockspring.LockSettings.PerName;
import io.github.lockspring.LockTimes;
import io.github.lockspring.annotation.DistributedLock;
import io.github.lockspring.annotation.NotLocked;
import io.github.lockspring.annotation.OnContention;
import java.lang.annotation.Retention;
import java.lang.annotation.RetentionPolicy;
import java.lang.reflect.Method;
import java.time.Duration;
import java.util.Iterator;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.Callable;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Flow;
import java.util.concurrent.Future;
import java.util.function.Supplier;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import org.reactivestreams.Publisher;
import org.springframework.core.annotation.AliasFor;
import org.springframework.util.ReflectionUtils;
import reactor.core.publisher.Flux;
import reactor.core.publisher.Mono;

class LockOperationParserTests {

    @Test
    void namesTheLockAfterClassAndMethod() {
        assertThat(operation(Good.class, "unnamed").options().lockName().name())
                .isEqualTo(Good.class.getName() + ".unnamed");
    }

    @Test
    void resolvesPlaceholders() {
        LockOptions options = operation(Good.class, "placeholders").options();
        assertThat(options.lockName().name()).isEqualTo("order");
        assertThat(options.waitTime()).isEqualTo(Duration.ofMillis(1500));
        assertThat(options.leaseTime()).isNull();
    }

    @ParameterizedTest
    @CsvSource({"seconds, PT5S", "iso, PT5S", "composite, PT90S", "milliseconds, PT0.25S", "zero, PT0S"})
    void readsDurations(String method, Duration expected) {
        assertThat(operation(Durations.class, method).options().waitTime()).isEqualTo(expected);
    }

    @Test
    void refusesAnUnreadableDuration() {
        assertThat(problem(Wrong.class, "unreadable"))
                .hasToString("@DistributedLock(waitTime = \"5 sec\") on "
                        + Wrong.class.getName() + ".unreadable(): \"5 sec\" cannot be used: "
                        + "'5 sec' is not a valid duration, cannot detect any known style. "
                        + "Use a duration such as \"5s\" or \"PT5S\", \"0s\" or \"forever\"");
    }

    @Test
    void refusesANegativeWaitTime() {
        assertThat(problem(Wrong.class, "negative").toString())
                .contains("waitTime = \"-1s\"", Wrong.class.getName() + ".negative()", "is negative");
    }

    @Test
    void refusesALeaseUnderASecond() {
        assertThat(problem(Wrong.class, "shortLease").toString())
                .contains(
                        "leaseTime = \"500ms\"",
                        Wrong.class.getName() + ".shortLease()",
                        "is less than PT1S",
                        "Use a duration of at least one second");
    }

    @Test
    void saysThatALeaseWithoutUnitIsInMilliseconds() {
        assertThat(problem(Wrong.class, "leaseWithoutUnit").toString())
                .contains(
                        "leaseTime = \"30\"",
                        "\"30\" has no unit and means milliseconds",
                        "Write the unit: \"30s\" for seconds");
    }

    @Test
    void refusesBothAnnotationsOnOneMethod() {
        assertThat(problem(Wrong.class, "both").toString())
                .contains("the same method is annotated with @NotLocked", "Remove one of the two annotations");
    }

    @ParameterizedTest
    @ValueSource(strings = {"skippedPrimitive", "skippedWithoutFallback"})
    void refusesToSkipAPrimitiveResult(String method) {
        assertThat(problem(Wrong.class, method).toString())
                .contains("onContention = SKIP", "int has no value that says so", "Return a wrapper type");
    }

    @Test
    void readsTheTimesAroundAHold() {
        LockOptions options = operation(Held.class, "held").options();
        assertThat(options.holdAtLeast()).isEqualTo(Duration.ofSeconds(50));
        assertThat(options.maxHoldTime()).isEqualTo(Duration.ofMinutes(10));
        assertThat(operation(Held.class, "forever").options().maxHoldTime()).isEqualTo(LockDurations.FOREVER);
        assertThat(operation(Held.class, "plain").options().times()).isEqualTo(LockTimes.NONE);
    }

    @Test
    void readsOrderAndReEntry() {
        LockOptions options = operation(Held.class, "held").options();
        assertThat(options.fair()).isTrue();
        assertThat(options.reentrant()).isFalse();
        assertThat(operation(Held.class, "plain").options().fair()).isNull();
        assertThat(operation(Held.class, "plain").options().reentrant()).isTrue();
    }

    @Test
    void doesNotWaitWhereItSkipsUnlessAWaitTimeIsSet() {
        assertThat(operation(Held.class, "skipping").options().waitTime()).isEqualTo(Duration.ZERO);
        assertThat(operation(Held.class, "skippingByProperty").options().waitTime())
                .isEqualTo(Duration.ZERO);
        assertThat(operation(Held.class, "skippingLater").options().waitTime()).isEqualTo(Duration.ofSeconds(1));
    }

    @Test
    void waitTimeOfTheNameAppliesAlsoWhereItSkips() {
        LockTimes ofName = LockTimes.NONE.waitTime(Duration.ofSeconds(3));
        LockSettings settings = new LockSettings(PerName.NONE, Map.of("skipping", PerName.of(ofName)), false);
        assertThat(settings.times(operation(Held.class, "skipping").options()).waitTime())
                .isEqualTo(Duration.ofSeconds(3));
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "longAtLeast | holdAtLeast = \"366d\" | is over",
                "atLeastForever | holdAtLeast = \"forever\" | is over",
                "shortMost | maxHoldTime = \"500ms\" | is less than PT1S",
                "unreadableMost | maxHoldTime = \"long\" | \"10m\" or \"PT10M\", or \"forever\"",
            })
    void refusesTimesOutOfRange(String method, String attribute, String message) {
        assertThat(problem(Wrong.class, method).toString()).contains(attribute, message);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {"parameter", "always", "byProperty", "compared", "unknownType", "bean", "property", "constant"})
    void acceptsConditions(String method) {
        assertThat(problems(Conditions.class, method)).isEmpty();
        assertThat(operation(Conditions.class, method).condition()).isNotNull();
    }

    @ParameterizedTest
    @ValueSource(strings = {"none", "blank", "emptyByProperty"})
    void hasNoConditionWhereNothingIsWritten(String method) {
        assertThat(operation(Conditions.class, method).condition()).isNull();
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "number | it is always 1, which is not a boolean",
                "sum | it is always 3, which is not a boolean",
                "nothing | it is always null, which is not a boolean",
                "broken | it cannot be evaluated",
                "text | its value is of java.lang.String, which is not a boolean",
                "primitive | its value is of java.lang.Integer, which is not a boolean",
                "propertyOfText | its value is of java.lang.Integer",
                "unparsable | is not a valid SpEL expression",
                "unknown | unknown variable #urgnt",
                "unresolvable | Define the property",
                "withoutSign | Write #urgent",
            })
    void refusesConditions(String method, String message) {
        assertThat(problem(WrongConditions.class, method).toString())
                .startsWith("@DistributedLock(condition = \"")
                .contains(message);
    }

    @ParameterizedTest
    @CsvSource({"renewed, true", "notRenewed, false", "renewedByProperty, true", "unnamed,"})
    void readsWhetherToRenew(String method, Boolean expected) {
        assertThat(operation(Good.class, method).options().renew()).isEqualTo(expected);
    }

    @Test
    void refusesARenewalThatIsNeitherTrueNorFalse() {
        assertThat(problem(Wrong.class, "renewal").toString())
                .contains("renew = \"yes\"", "\"yes\" is neither true nor false", "Use \"true\", \"false\"");
    }

    @Test
    void resolvesPlaceholdersInKeys() {
        LockOperation operation = operation(Good.class, "keyWithPlaceholder");
        assertThat(operation.key()).singleElement().satisfies(key -> {
            assertThat(key.text()).isEqualTo("'${none:eu}'");
            assertThat(key.expression().getValue()).isEqualTo("eu");
        });
    }

    @Test
    void refusesAKeyWithAPlaceholderWithoutValue() {
        assertThat(problem(Wrong.class, "unresolvableKey").toString())
                .contains("key = \"'${a.message}'\"", "a.message", "Define the property");
    }

    @Test
    void refusesAKeyWithAnUnresolvablePlaceholder() {
        LockOperationSource source = new LockOperationSource(text -> text);
        Method method = ReflectionUtils.findMethod(Wrong.class, "unresolvableKey");
        assertThatExceptionOfType(InvalidLockAnnotationException.class)
                .isThrownBy(() -> source.operation(method, Wrong.class))
                .withMessageContaining("the key resolves to \"'${a.message}'\"");
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            quoteCharacter = '`',
            value = {
                "parameter | Write name = \"order\", key = \"#id\", with a name that describes what is locked",
                "property | Write name = \"order\", key = \"#order.id\", with a name",
                "template | Write name = \"order\", key = \"#id\"",
                "templates | Write name = \"order\", key = {\"#id\", \"#region\"}",
                "bareTemplate | Write name = \"order\", key = \"#id\"",
                "joined | Write name = \"order\", key = \"#id\"",
                "root | Write name = \"order\", key = \"#root.args[0]\", with a name",
                "bean | Write name = \"order\", key = \"@tenant.of(#id)\", with a name",
                "typo | Write name = \"order\", key = \"#oder.id\", with a name",
                "byProperty | Write name = \"order\", key = \"#id\""
            })
    void refusesAnExpressionWhereANameBelongs(String method, String action) {
        assertThat(problem(Names.class, method))
                .satisfies(problem -> assertThat(problem.description())
                        .startsWith("a name is not evaluated, so all calls would share the lock \""))
                .satisfies(problem -> assertThat(problem.action()).startsWith(action));
    }

    @ParameterizedTest
    @ValueSource(strings = {"likeJavadoc", "number", "channel", "mail", "quoted"})
    void acceptsNamesWithoutExpressions(String method) {
        assertThat(problems(Names.class, method)).isEmpty();
    }

    @Test
    void refusesALeaseWithoutEnd() {
        assertThat(problem(Wrong.class, "endlessLease").toString())
                .contains("leaseTime = \"forever\"", "renewal keeps any lease alive");
    }

    @Test
    void refusesAPlaceholderWithoutValue() {
        assertThat(problem(Wrong.class, "unresolvable").toString())
                .contains("name = \"${order.lock}\"", Wrong.class.getName(), "order.lock", "Define the property");
        assertThat(problem(Wrong.class, "unresolvableWait").toString())
                .contains("waitTime = \"${order.wait}\"", Wrong.class.getName(), "Define the property");
    }

    @Test
    void refusesABlankName() {
        assertThat(problem(Wrong.class, "blank").toString())
                .contains("name = \"${none: }\"", "resolves to \" \"", "write a static name");
    }

    @Test
    void refusesTwoNames() {
        assertThat(problem(Wrong.class, "twoNames").toString())
                .contains(Wrong.class.getName() + ".twoNames()", "[a]", "[b]", "Set one of name and value");
    }

    @Test
    void refusesTwoAnnotations() {
        assertThat(problem(Wrong.class, "twice").toString())
                .contains(Wrong.class.getName() + ".twice()", "2 times", "Keep one");
    }

    @Test
    void refusesABlankKey() {
        assertThat(problem(Wrong.class, "blankKey").toString())
                .contains("key = \" \"", Wrong.class.getName() + ".blankKey()", "omit key");
    }

    @ParameterizedTest
    @ValueSource(strings = {"blankKeyOfComposed", "blankKeyOfAlias"})
    void refusesABlankKeyOfAComposedAnnotationThatIsNoDefault(String method) {
        assertThat(problem(Wrong.class, method).toString())
                .contains("key = \"", Wrong.class.getName() + "." + method + "()", "omit key");
    }

    @Test
    void refusesAnExpressionThatCannotBeParsed() {
        assertThat(problem(Wrong.class, "unparsable").toString())
                .contains(
                        "key = \"#id +\"",
                        Wrong.class.getName() + ".unparsable(String)",
                        "not a valid SpEL expression");
    }

    @Test
    void reportsEverythingAtOnce() {
        assertThat(problems(Wrong.class, "everything"))
                .extracting(LockAnnotationProblem::attribute)
                .containsExactly("waitTime = \"x\"", "leaseTime = \"y\"", "key = \"#z\"", "key = \"(\"");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "flow",
                "publisher",
                "mono",
                "flux",
                "callable",
                "supplier",
                "stream",
                "numbers",
                "iterator",
                "optional",
                "futures",
                "array",
                "map"
            })
    void refusesResultsThatComeBeforeTheWorkIsDone(String method) {
        assertThat(problem(Later.class, method).toString())
                .contains(Later.class.getName() + "." + method, "before its work is done", "executeAsync");
    }

    @ParameterizedTest
    @ValueSource(strings = {"value", "optional", "list", "raw", "wildcard", "code", "callableValue", "suppliers"})
    void acceptsResultsThatMayBeComplete(String method) {
        assertThat(problems(Complete.class, method)).isEmpty();
    }

    @Test
    void needsANameWhereTheClassIsGenerated() {
        AnnotatedTask task = () -> {};
        assertThat(LockedType.of(task.getClass(), new LockOperationSource(text -> text))
                        .problems())
                .singleElement()
                .asString()
                .contains("the bean's class is generated", "Set name");
    }

    static class Held {

        @DistributedLock(holdAtLeast = "${none:50s}", maxHoldTime = "10m", fair = true, reentrant = false)
        void held() {}

        @DistributedLock(maxHoldTime = "forever")
        void forever() {}

        @DistributedLock
        void plain() {}

        @DistributedLock(name = "skipping", onContention = OnContention.SKIP)
        void skipping() {}

        @DistributedLock(onContention = OnContention.SKIP, waitTime = "${none:}")
        void skippingByProperty() {}

        @DistributedLock(onContention = OnContention.SKIP, waitTime = "1s")
        void skippingLater() {}
    }

    static class Conditions {

        @DistributedLock(condition = "#urgent")
        void parameter(boolean urgent) {}

        @DistributedLock(condition = "true")
        void always() {}

        @DistributedLock(condition = "${none:false}")
        void byProperty() {}

        @DistributedLock(condition = "#count > 10 and #name == 'a'")
        void compared(int count, String name) {}

        @DistributedLock(condition = "#value")
        void unknownType(Object value) {}

        @DistributedLock(condition = "@flags.locked(#name)")
        void bean(String name) {}

        @DistributedLock(condition = "#name.empty")
        void property(String name) {}

        @DistributedLock(condition = "1 > 2")
        void constant() {}

        @DistributedLock
        void none() {}

        @DistributedLock(condition = " ")
        void blank() {}

        @DistributedLock(condition = "${none:}")
        void emptyByProperty() {}
    }

    static class WrongConditions {

        @DistributedLock(condition = "1")
        void number() {}

        @DistributedLock(condition = "1 + 2")
        void sum() {}

        @DistributedLock(condition = "null")
        void nothing() {}

        @DistributedLock(condition = "not 5")
        void broken() {}

        @DistributedLock(condition = "#name")
        void text(String name) {}

        @DistributedLock(condition = "#count")
        void primitive(int count) {}

        @DistributedLock(condition = "#name.length()")
        void propertyOfText(String name) {}

        @DistributedLock(condition = "#name ==")
        void unparsable(String name) {}

        @DistributedLock(condition = "#urgnt")
        void unknown(boolean urgent) {}

        @DistributedLock(condition = "${no.such.property}")
        void unresolvable() {}

        @DistributedLock(condition = "urgent")
        void withoutSign(boolean urgent) {}
    }

    static class Good {

        @DistributedLock
        void unnamed() {}

        @DistributedLock(name = "${none:order}", waitTime = "${none:1500ms}", leaseTime = "${none:}")
        void placeholders() {}

        @DistributedLock(renew = "true")
        void renewed() {}

        @DistributedLock(renew = " False ")
        void notRenewed() {}

        @DistributedLock(renew = "${none:true}")
        void renewedByProperty() {}

        @DistributedLock(key = "'${none:eu}'")
        void keyWithPlaceholder() {}
    }

    static class Names {

        @DistributedLock("#id")
        void parameter(String id) {}

        @DistributedLock("#order.id")
        void property(Object order) {}

        @DistributedLock("order:#{#id}")
        void template(String id) {}

        @DistributedLock("order:#{#id}:#{#region}")
        void templates(String id, String region) {}

        @DistributedLock("order:#{id}")
        void bareTemplate(String id) {}

        @DistributedLock("'order' + #id")
        void joined(String id) {}

        @DistributedLock("#root.args[0]")
        void root(String id) {}

        @DistributedLock("@tenant.of(#id)")
        void bean(String id) {}

        @DistributedLock("#oder.id")
        void typo(Object order) {}

        @DistributedLock("${none:order-#id}")
        void byProperty(String id) {}

        @DistributedLock("OrderService#ship")
        void likeJavadoc(String ship) {}

        @DistributedLock("job #1, part 2")
        void number(String job) {}

        @DistributedLock("#nightly")
        void channel() {}

        @DistributedLock("reports@example.com")
        void mail(String reports) {}

        @DistributedLock("it's 'order'")
        void quoted(String order) {}
    }

    static class Durations {

        @DistributedLock(waitTime = "5s")
        void seconds() {}

        @DistributedLock(waitTime = " PT5S ")
        void iso() {}

        @DistributedLock(waitTime = "1m30s")
        void composite() {}

        @DistributedLock(waitTime = "250")
        void milliseconds() {}

        @DistributedLock(waitTime = "0s")
        void zero() {}
    }

    @DistributedLock("other")
    @Retention(RetentionPolicy.RUNTIME)
    @interface OtherLock {}

    static class Wrong {

        @NotLocked
        @DistributedLock
        void both() {}

        @DistributedLock(onContention = OnContention.SKIP)
        int skippedPrimitive() {
            return 1;
        }

        @DistributedLock(onContention = OnContention.SKIP, fallback = "${none:}")
        int skippedWithoutFallback() {
            return 1;
        }

        @DistributedLock(holdAtLeast = "366d")
        void longAtLeast() {}

        @DistributedLock(holdAtLeast = "forever")
        void atLeastForever() {}

        @DistributedLock(maxHoldTime = "500ms")
        void shortMost() {}

        @DistributedLock(maxHoldTime = "long")
        void unreadableMost() {}

        @DistributedLock(waitTime = "5 sec")
        void unreadable() {}

        @DistributedLock(waitTime = "-1s")
        void negative() {}

        @DistributedLock(leaseTime = "500ms")
        void shortLease() {}

        @DistributedLock(leaseTime = "30")
        void leaseWithoutUnit() {}

        @DistributedLock(renew = "yes")
        void renewal() {}

        @DistributedLock(key = "'${a.message}'")
        void unresolvableKey() {}

        @DistributedLock(leaseTime = "forever")
        void endlessLease() {}

        @DistributedLock("${order.lock}")
        void unresolvable() {}

        @DistributedLock(waitTime = "${order.wait}")
        void unresolvableWait() {}

        @DistributedLock("${none: }")
        void blank() {}

        @DistributedLock(name = "a", value = "b")
        void twoNames() {}

        @DistributedLock("one")
        @OtherLock
        void twice() {}

        @DistributedLock(key = " ")
        void blankKey() {}

        @BlankKey
        void blankKeyOfComposed() {}

        @KeyAlias(" ")
        void blankKeyOfAlias() {}

        @DistributedLock(key = "#id +")
        void unparsable(String id) {}

        @DistributedLock(
                waitTime = "x",
                leaseTime = "y",
                key = {"#z", "("})
        void everything() {}
    }

    @Retention(RetentionPolicy.RUNTIME)
    @DistributedLock(name = "one", key = "")
    @interface BlankKey {}

    @Retention(RetentionPolicy.RUNTIME)
    @DistributedLock("one")
    @interface KeyAlias {

        @AliasFor(annotation = DistributedLock.class, attribute = "key")
        String value() default "";
    }

    static class Base<T> {

        @DistributedLock
        T generic() {
            throw new UnsupportedOperationException("only parsed");
        }
    }

    abstract static class Later {

        @DistributedLock
        abstract Flow.Publisher<String> flow();

        @DistributedLock
        abstract Publisher<String> publisher();

        @DistributedLock
        abstract Mono<String> mono();

        @DistributedLock
        abstract Flux<String> flux();

        @DistributedLock
        abstract Callable<String> callable();

        @DistributedLock
        abstract Supplier<String> supplier();

        @DistributedLock
        abstract Stream<String> stream();

        @DistributedLock
        abstract IntStream numbers();

        @DistributedLock
        abstract Iterator<String> iterator();

        @DistributedLock
        abstract Optional<Supplier<String>> optional();

        @DistributedLock
        abstract List<? extends Future<?>> futures();

        @DistributedLock
        abstract CompletableFuture<?>[] array();

        @DistributedLock
        abstract Map<String, Mono<String>> map();
    }

    static final class CallableValue implements Callable<String> {

        @Override
        public String call() {
            return "value";
        }
    }

    abstract static class Complete {

        @DistributedLock
        abstract String value();

        @DistributedLock
        abstract Optional<String> optional();

        @DistributedLock
        abstract List<String> list();

        @DistributedLock
        @SuppressWarnings("rawtypes")
        abstract List raw();

        @DistributedLock
        abstract Map<String, ?> wildcard();

        @DistributedLock
        abstract Runnable code();

        @DistributedLock
        abstract CallableValue callableValue();

        @DistributedLock
        abstract Map<String, Supplier<String>> suppliers();
    }

    @FunctionalInterface
    interface AnnotatedTask {

        @DistributedLock
        void run();
    }
}
