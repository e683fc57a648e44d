package io.github.lockspring;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import jakarta.persistence.Entity;
import java.lang.reflect.Proxy;
import java.net.InetAddress;
import java.net.UnknownHostException;
import java.nio.ByteBuffer;
import java.nio.CharBuffer;
import java.sql.Timestamp;
import java.time.Instant;
import java.util.BitSet;
import java.util.Calendar;
import java.util.Currency;
import java.util.Date;
import java.util.GregorianCalendar;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.TimeZone;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicIntegerArray;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.Supplier;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.hibernate.proxy.HibernateProxy;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;
import org.springframework.aop.framework.ProxyFactory;
import org.springframework.data.annotation.Id;

/** A key part identifies, in every process alike, or it is refused. */
@SuppressWarnings("JavaUtilDate")
class LockKeyTypeTests {

    private static final Instant INSTANT = Instant.parse("2026-01-31T23:30:00.123Z");

    @ParameterizedTest
    @ValueSource(strings = {"UTC", "Pacific/Auckland", "America/Los_Angeles"})
    void aDateIsItsInstantWhateverTheTimeZoneOfTheProcess(String zone) {
        assertThat(inZone(zone, () -> text(Date.from(INSTANT)))).isEqualTo(text(INSTANT));
        assertThat(inZone(zone, () -> text(new Stay(7, Date.from(INSTANT)))))
                .isEqualTo("Stay[room=7, from=2026-01-31T23:30:00.123Z]");
    }

    @Test
    void aTimestampKeepsItsNanoseconds() {
        Timestamp timestamp = Timestamp.from(INSTANT);
        timestamp.setNanos(123_456_789);
        assertThat(text(timestamp)).isEqualTo("2026-01-31T23:30:00.123456789Z");
    }

    @Test
    void anSqlDateIsTheLocalDateItStandsFor() {
        for (String zone : List.of("UTC", "Pacific/Auckland")) {
            assertThat(inZone(zone, () -> text(java.sql.Date.valueOf("2026-01-31"))))
                    .isEqualTo("2026-01-31");
            assertThat(inZone(zone, () -> text(java.sql.Time.valueOf("12:30:00"))))
                    .isEqualTo("12:30:00");
        }
    }

    @Test
    void equalValuesHaveEqualText() throws UnknownHostException {
        byte[] address = {127, 0, 0, 1};
        assertThat(text(InetAddress.getByAddress("localhost", address)))
                .isEqualTo(text(InetAddress.getByAddress(address)))
                .isEqualTo("127.0.0.1");
        assertThat(text(TimeZone.getTimeZone("Europe/Berlin"))).isEqualTo("Europe/Berlin");
    }

    static Stream<Arguments> whatSaysWhatItIs() {
        return Stream.of(
                Arguments.of(new AtomicLong(7), "7"),
                Arguments.of(new AtomicBoolean(true), "true"),
                Arguments.of(Currency.getInstance("EUR"), "EUR"),
                Arguments.of(String.class, "class java.lang.String"),
                Arguments.of(CharBuffer.wrap("text"), "text"),
                Arguments.of(new Stay(7, null), "Stay[room=7, from=null]"),
                Arguments.of(
                        new Nested(new Stay(7, null), Colour.RED),
                        "Nested[stay=Stay[room=7\\, from=null], colour=RED]"),
                Arguments.of(new OwnRecord(7, List.of("a"), null), "no. 7"));
    }

    @ParameterizedTest
    @MethodSource("whatSaysWhatItIs")
    void acceptsWhatSaysWhatItIs(Object part, String text) {
        assertThat(text(part)).isEqualTo(text);
    }

    @Test
    void differentRecordsHaveDifferentText() {
        assertThat(text(new Pair("a, two=b", "c"))).isNotEqualTo(text(new Pair("a", "b, two=c")));
        assertThat(text(new Pair("a\\", "b"))).isNotEqualTo(text(new Pair("a", "b")));
    }

    static Stream<Arguments> unfit() {
        return Stream.of(
                Arguments.of(new GregorianCalendar(), "is a calendar", "toInstant()"),
                Arguments.of(Calendar.getInstance(), "is a calendar", "toInstant()"),
                Arguments.of(ByteBuffer.wrap(new byte[] {1}), "is a buffer", "pass the content as text"),
                Arguments.of(new AtomicReference<>("a"), "is a mutable reference", "pass its value"),
                Arguments.of(new AtomicReference<>(null), "is a mutable reference", "pass its value"),
                Arguments.of(new AtomicIntegerArray(2), "is a container", "as separate parts"),
                Arguments.of(new BitSet(), "is a container", "as separate parts"),
                Arguments.of(Map.entry("a", "b"), "is a container", "as separate parts"),
                Arguments.of(new byte[][] {{1}}, "is a container (byte[][])", "as separate parts"),
                Arguments.of(new TextOnly(), "does not override equals(Object)", "override equals and hashCode"),
                Arguments.of(Pattern.compile("a"), "does not override equals(Object)", "use an identifying property"),
                Arguments.of(Thread.currentThread(), "does not override equals(Object)", "use an identifying property"),
                Arguments.of(new Order(), "is an entity", "use its identifier"),
                Arguments.of(new LargeOrder(), "is an entity", "use its identifier"),
                Arguments.of(new Order$HibernateProxy$x(), "is an entity", "use its identifier"),
                Arguments.of(new Document("1", "text"), "is an entity", "use its identifier"),
                Arguments.of(new Reference(), "is an entity", "use its identifier"),
                Arguments.of(jdkProxy(), "is a proxy", "use an identifying property"),
                Arguments.of(classProxy(), "is a proxy", "use an identifying property"),
                Arguments.of(new Batch("a", List.of("b")), "component 'ids' is a container", "as separate parts"),
                Arguments.of(new Copying(new byte[] {1}), "component 'id' is a container", "as separate parts"),
                Arguments.of(new Line(new Order(), 1), "component 'order' is an entity", "use its identifier"),
                Arguments.of(new Stay(null, null), "without any value", "would share one lock"),
                Arguments.of(new Name(" "), "without any value", "would share one lock"));
    }

    @ParameterizedTest
    @MethodSource("unfit")
    void refusesWhatIdentifiesNothing(Object part, String found, String remedy) {
        assertThatExceptionOfType(LockKeyException.class)
                .isThrownBy(() -> LockName.of("order", "eu", part))
                .withMessageStartingWith("Key part 2 of lock 'order' ")
                .withMessageContaining(found)
                .withMessageContaining(remedy);
    }

    @Test
    void tellsContainersByTheirDeclaredType() {
        assertThat(List.of(
                        int[].class,
                        List.class,
                        Iterable.class,
                        Map.class,
                        java.util.Optional.class,
                        java.util.Iterator.class))
                .allMatch(LockKeyType::isContainer);
        assertThat(List.of(String.class, Object.class, java.nio.file.Path.class, Stay.class))
                .noneMatch(LockKeyType::isContainer);
    }

    @Test
    void refusesInterfacesSinceTheyHaveNoTextOfTheirOwn() {
        assertThat(LockKeyType.of(Runnable.class).isRefused()).isTrue();
    }

    private static String text(Object part) {
        return String.valueOf(LockName.of("a", part).key());
    }

    private static String inZone(String zone, Supplier<String> work) {
        TimeZone before = TimeZone.getDefault();
        TimeZone.setDefault(TimeZone.getTimeZone(zone));
        try {
            return work.get();
        } finally {
            TimeZone.setDefault(before);
        }
    }

    private static Object jdkProxy() {
        return Proxy.newProxyInstance(
                LockKeyTypeTests.class.getClassLoader(),
                new Class<?>[] {Supplier.class},
                (proxy, method, args) -> method.getName().equals("toString") ? "text" : null);
    }

    private static Object classProxy() {
        ProxyFactory factory = new ProxyFactory(new WithEquals("a"));
        factory.setProxyTargetClass(true);
        return factory.getProxy();
    }

    private record Stay(@Nullable Integer room, @Nullable Date from) {}

    private record Nested(Stay stay, Colour colour) {}

    private record Batch(String tenant, List<String> ids) {}

    private record Copying(byte[] id) {

        @Override
        public byte[] id() {
            return this.id.clone();
        }
    }

    private record Pair(String one, String two) {}

    private record Line(Order order, int number) {}

    private record Name(String text) {}

    private record OwnRecord(
            int number, List<String> items, @Nullable Date from) {

        @Override
        public String toString() {
            return "no. " + this.number;
        }
    }

    private enum Colour {
        RED
    }

    private static final class TextOnly {

        @Override
        public String toString() {
            return "text";
        }
    }

    static class WithEquals {

        private final @Nullable String text;

        WithEquals() {
            this(null);
        }

        WithEquals(@Nullable String text) {
            this.text = text;
        }

        @Override
        public boolean equals(@Nullable Object other) {
            return other instanceof WithEquals that && Objects.equals(this.text, that.text);
        }

        @Override
        public int hashCode() {
            return Objects.hashCode(this.text);
        }

        @Override
        public String toString() {
            return "text " + this.text;
        }
    }

    @Entity
    static class Order extends WithEquals {}

    static class LargeOrder extends Order {}

    @SuppressWarnings("checkstyle:TypeName")
    static final class Order$HibernateProxy$x extends Order implements HibernateProxy {}

    static final class Reference extends WithEquals implements HibernateProxy {}

    private record Document(@Id String id, String text) {}
}
