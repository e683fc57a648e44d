package io.github.lockspring.interceptor;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.assertj.core.api.Assertions.assertThatIllegalStateException;

import io.github.lockspring.LockKeyException;
import io.github.lockspring.annotation.DistributedLock;
import java.lang.reflect.Method;
import java.time.Instant;
import java.util.Date;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.NullSource;
import org.junit.jupiter.params.provider.ValueSource;
import org.springframework.expression.spel.SpelEvaluationException;
import org.springframework.util.ReflectionUtils;

class LockKeyEvaluatorTests {

    private final Proxies proxies = new Proxies().bean("tenant", new Tenant()).bean("counter", new AtomicInteger());

    private final RecordingLocks operations = this.proxies.operations();

    private final Keys keys = this.proxies.ofClass(new Keys());

    @Test
    void readsParameters() {
        this.keys.property(new Order("7"));
        this.keys.positions("a", "b");
        assertThat(this.operations.locked()).containsExactly("property:7", "positions:b:a");
    }

    @Test
    void readsTheCall() {
        this.keys.call("a");
        assertThat(this.operations.locked()).containsExactly("call:call:keys:a");
    }

    @Test
    void readsBeans() {
        this.keys.bean("a");
        assertThat(this.operations.locked()).containsExactly("bean:acme-a");
    }

    @Test
    void keepsPartsApart() {
        this.keys.positions("a:b", "c");
        this.keys.positions("b", "c:a");
        assertThat(this.operations.locked()).doesNotHaveDuplicates();
    }

    @ParameterizedTest
    @NullSource
    @ValueSource(strings = {"", " \n"})
    void refusesNullAndBlank(@Nullable String id) {
        assertThatExceptionOfType(LockKeyException.class)
                .isThrownBy(() -> this.keys.property(new Order(id)))
                .withMessageStartingWith("@DistributedLock(key = \"#order.id\") on " + Keys.class.getName()
                        + ".property(Order): Key part 1 of lock 'property' is ");
        assertThat(this.operations.locked()).isEmpty();
    }

    @Test
    void namesTheExpressionThatIsWrong() {
        assertThatExceptionOfType(LockKeyException.class)
                .isThrownBy(() -> this.keys.positions(" ", "b"))
                .withMessageStartingWith("@DistributedLock(key = \"#p0\") on " + Keys.class.getName() + ".positions(");
        assertThatExceptionOfType(LockKeyException.class)
                .isThrownBy(() -> this.keys.positions("a", " "))
                .withMessageStartingWith("@DistributedLock(key = \"#second\") on ");
    }

    static Stream<Arguments> noKeys() {
        return Stream.<Object>of(
                        new Object(), new int[] {1}, new String[0], List.of("a"), Map.of("a", 1), Optional.of("a"))
                .map(part -> Arguments.of(part));
    }

    @ParameterizedTest
    @MethodSource("noKeys")
    void refusesWhatHasNoTextOfItsOwn(Object part) {
        assertThatExceptionOfType(LockKeyException.class)
                .isThrownBy(() -> this.keys.any(part))
                .withMessageStartingWith(
                        "@DistributedLock(key = \"#part\") on " + Keys.class.getName() + ".any(Object): ");
        assertThat(this.operations.locked()).isEmpty();
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "joined",
                "joinedFirst",
                "joinedInBranch",
                "joinedInParentheses",
                "joinedWithElvis",
                "joinedInArgument"
            })
    void refusesNullAmongWhatIsJoined(String method) {
        call(method, "7");

        assertThatExceptionOfType(LockKeyException.class)
                .isThrownBy(() -> call(method, null))
                .withMessageStartingWith("@DistributedLock(key = \"")
                .withMessageContaining("on " + Keys.class.getName() + "." + method + "(Object) cannot be evaluated: ")
                .withMessageContaining("the operand #v of + is null: all callers with null would share one lock");
        assertThat(this.operations.locked()).containsExactly(method + ":order-7");
    }

    @Test
    void joinsWhatReplacesNull() {
        call("joinedWithDefault", null);
        call("joinedWithCondition", null);
        call("joinedWithCondition", "7");

        assertThat(this.operations.locked())
                .containsExactly(
                        "joinedWithDefault:order-none",
                        "joinedWithCondition:order-none",
                        "joinedWithCondition:order-7");
    }

    static Stream<Arguments> operands() {
        return Stream.of(
                Arguments.of("", ""),
                Arguments.of(7L, "7"),
                Arguments.of('c', "c"),
                Arguments.of(' ', " "),
                Arguments.of(true, "true"),
                Arguments.of(Colour.RED, "RED"),
                Arguments.of(Date.from(Instant.EPOCH), "1970-01-01T00%3A00%3A00Z"),
                Arguments.of(new Part(1), "Part[id=1]"));
    }

    @ParameterizedTest
    @MethodSource("operands")
    void joinsOperandsAsKeyParts(Object operand, String text) {
        call("joined", operand);
        assertThat(this.operations.locked()).containsExactly("joined:order-" + text);
    }

    @ParameterizedTest
    @MethodSource("noKeys")
    void refusesOperandsThatHaveNoTextOfTheirOwn(Object operand) {
        assertThatExceptionOfType(LockKeyException.class)
                .isThrownBy(() -> call("joined", operand))
                .withMessageContaining("the operand #v of + ");
    }

    @Test
    void addsNumbers() {
        this.keys.sum(3, 4);
        assertThat(this.operations.locked()).containsExactly("sum:8-8");
    }

    @Test
    void evaluatesOperandsOnce() {
        this.keys.counted();
        this.keys.counted();
        assertThat(this.operations.locked()).containsExactly("counted:no-1", "counted:no-2");
    }

    @Test
    void saysThatAConverterWouldHelp() {
        assertThatExceptionOfType(LockKeyException.class)
                .isThrownBy(() -> this.keys.any(new Tenant()))
                .withMessageEndingWith("; or register a Converter<Tenant, String> bean");
        assertThatExceptionOfType(LockKeyException.class)
                .isThrownBy(() -> call("joined", new Tenant()))
                .withMessageContaining("; or register a Converter<Tenant, String> bean");
    }

    @Test
    void saysWhichExpressionFailed() {
        assertThatExceptionOfType(LockKeyException.class)
                .isThrownBy(() -> this.keys.property(null))
                .withMessageStartingWith("@DistributedLock(key = \"#order.id\") on " + Keys.class.getName()
                        + ".property(Order) cannot be evaluated: EL1007E")
                .withCauseInstanceOf(SpelEvaluationException.class);
    }

    @Test
    void refusesAssignment() {
        Order order = new Order("7");
        assertThatExceptionOfType(LockKeyException.class).isThrownBy(() -> this.keys.assignment(order));
        assertThat(order.id).isEqualTo("7");
    }

    @Test
    void letsExceptionsOfBeansPass() {
        assertThatIllegalStateException()
                .isThrownBy(() -> this.keys.bean("broken"))
                .withMessage("no tenant");
    }

    /** Calls a method of one parameter through the proxy. */
    private void call(String name, @Nullable Object argument) {
        Method method = ReflectionUtils.findMethod(Keys.class, name, Object.class);
        ReflectionUtils.makeAccessible(method);
        ReflectionUtils.invokeMethod(method, this.keys, argument);
    }

    enum Colour {
        RED;

        @Override
        public String toString() {
            return "a colour";
        }
    }

    record Part(int id) {}

    static class Order {

        public @Nullable String id;

        Order(@Nullable String id) {
            this.id = id;
        }
    }

    public static class Tenant {

        public String of(String id) {
            if (id.equals("broken")) {
                throw new IllegalStateException("no tenant");
            }
            return "acme-" + id;
        }
    }

    static class Keys {

        public String getName() {
            return "keys";
        }

        @DistributedLock(name = "property", key = "#order.id")
        void property(@Nullable Order order) {}

        @DistributedLock(
                name = "positions",
                key = {"#second", "#p0"})
        void positions(String first, String second) {}

        @DistributedLock(
                name = "call",
                key = {"#root.method.name", "#root.target.name", "#root.args[0]"})
        void call(String argument) {}

        @DistributedLock(name = "bean", key = "@tenant.of(#id)")
        void bean(String id) {}

        @DistributedLock(name = "any", key = "#part")
        void any(Object part) {}

        @DistributedLock(name = "joined", key = "'order-' + #v")
        void joined(@Nullable Object v) {}

        @DistributedLock(name = "joinedFirst", key = "#v + '' == '7' ? 'order-7' : #v + '-order'")
        void joinedFirst(@Nullable Object v) {}

        @DistributedLock(name = "joinedInBranch", key = "true ? 'order-' + #v : 'none'")
        void joinedInBranch(@Nullable Object v) {}

        @DistributedLock(name = "joinedInParentheses", key = "(' order-' + #v).trim()")
        void joinedInParentheses(@Nullable Object v) {}

        @DistributedLock(name = "joinedInArgument", key = "'order'.concat('-' + #v)")
        void joinedInArgument(@Nullable Object v) {}

        @DistributedLock(name = "joinedWithElvis", key = "('order-' + #v) ?: 'none'")
        void joinedWithElvis(@Nullable Object v) {}

        @DistributedLock(name = "joinedWithDefault", key = "'order-' + (#v ?: 'none')")
        void joinedWithDefault(@Nullable Object v) {}

        @DistributedLock(name = "joinedWithCondition", key = "'order-' + (#v != null ? #v : 'none')")
        void joinedWithCondition(@Nullable Object v) {}

        @DistributedLock(name = "sum", key = "(#a + #b + 1) + '-' + (1 + #a + #b)")
        void sum(int a, long b) {}

        @DistributedLock(name = "counted", key = "'no-' + @counter.incrementAndGet()")
        void counted() {}

        @DistributedLock(name = "assignment", key = "#order.id = 'x'")
        void assignment(Order order) {}
    }
}
