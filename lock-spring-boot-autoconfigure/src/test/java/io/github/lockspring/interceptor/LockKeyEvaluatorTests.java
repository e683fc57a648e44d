package io.github.lockspring.interceptor;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.assertj.core.api.Assertions.assertThatIllegalStateException;

import io.github.lockspring.LockKeyException;
import io.github.lockspring.annotation.DistributedLock;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.NullSource;
import org.junit.jupiter.params.provider.ValueSource;
import org.springframework.expression.spel.SpelEvaluationException;

class LockKeyEvaluatorTests {

    private final Proxies proxies = new Proxies().bean("tenant", new Tenant());

    private final RecordingOperations operations = this.proxies.operations();

    private final Keys keys = this.proxies.ofClass(new Keys());

    @Test
    void readsParameters() {
        this.keys.property(new Order("7"));
        this.keys.positions("a", "b");

        assertThat(this.operations.fullNames()).containsExactly("property:7", "positions:b:a");
    }

    @Test
    void readsTheCall() {
        this.keys.call("a");

        assertThat(this.operations.fullNames()).containsExactly("call:call:keys:a");
    }

    @Test
    void readsBeans() {
        this.keys.bean("a");

        assertThat(this.operations.fullNames()).containsExactly("bean:acme-a");
    }

    @Test
    void keepsPartsApart() {
        this.keys.positions("a:b", "c");
        this.keys.positions("b", "c:a");

        assertThat(this.operations.fullNames()).doesNotHaveDuplicates();
    }

    @ParameterizedTest
    @NullSource
    @ValueSource(strings = {"", " \n"})
    void refusesNullAndBlank(@Nullable String id) {
        assertThatExceptionOfType(LockKeyException.class)
                .isThrownBy(() -> this.keys.property(new Order(id)))
                .withMessageStartingWith("@DistributedLock(key = \"#order.id\") on " + Keys.class.getName()
                        + ".property(Order): Key part 1 of lock 'property' is ");
        assertThat(this.operations.fullNames()).isEmpty();
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
        assertThat(this.operations.fullNames()).isEmpty();
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

        @DistributedLock(name = "assignment", key = "#order.id = 'x'")
        void assignment(Order order) {}
    }
}
