package io.github.lockspring;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.math.BigDecimal;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Instant;
import java.time.LocalDate;
import java.time.ZoneId;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.Set;
import java.util.UUID;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Different names and keys are different locks; what cannot identify a lock is refused. */
class LockNameTests {

    @Test
    void joinsNameAndKey() {
        LockName name = LockName.of("order", 42, "eu");
        assertThat(name.fullName()).isEqualTo("order:42:eu").hasToString(name.toString());
        assertThat(name.name()).isEqualTo("order");
        assertThat(name.key()).isEqualTo("42:eu");
    }

    @Test
    void aNameWithoutKeyIsALock() {
        LockName name = LockName.of("nightly-report");
        assertThat(name.fullName()).isEqualTo("nightly-report");
        assertThat(name.key()).isNull();
    }

    @Test
    void whatLooksAlikeDiffers() {
        assertThat(LockName.of("a", "b:c")).isNotEqualTo(LockName.of("a:b", "c"));
        assertThat(LockName.of("a", "b:c")).isNotEqualTo(LockName.of("a", "b", "c"));
        assertThat(LockName.of("a", "b:c")).isNotEqualTo(LockName.of("a:b:c"));
        assertThat(LockName.of("a", "%3A")).isNotEqualTo(LockName.of("a", ":"));
        assertThat(LockName.of("a", "x")).isNotEqualTo(LockName.of("a", "X"));
        assertThat(LockName.of("a", "x")).isNotEqualTo(LockName.of("a", "x "));
        assertThat(LockName.of("a", 1, 11)).isNotEqualTo(LockName.of("a", 11, 1));
        assertThat(LockName.of("a", "\uD83D"))
                .isNotEqualTo(LockName.of("a", "?"))
                .isNotEqualTo(LockName.of("a", "\uDE00"));
        assertThat(LockName.of("a", "%uD83D")).isNotEqualTo(LockName.of("a", "\uD83D"));
    }

    @Test
    void equalPartsAreTheSameLock() {
        assertThat(LockName.of("a", 1L)).isEqualTo(LockName.of("a", "1")).hasSameHashCodeAs(LockName.of("a", 1));
    }

    @ParameterizedTest
    @ValueSource(strings = {"{", "}", "{x}", "a{b}c", "line\nbreak", "carriage\rreturn", "nul\0", "\u0085", "tab\t"})
    void escapesWhatHasAMeaningElsewhere(String part) {
        String fullName = LockName.of("order", part).fullName();
        assertThat(fullName).doesNotContainAnyWhitespaces().matches("order:[^{}\\p{Cntrl}:]+");
    }

    @Test
    void keepsWhatPeopleRead() {
        assertThat(LockName.of("заказ", "Zürich", "😀").fullName()).isEqualTo("заказ:Zürich:😀");
        assertThat(LockName.of("a b", "c/d").fullName()).isEqualTo("a b:c/d");
    }

    @Test
    void shortensLongNamesToAHeadAndAHash() {
        String tenKilobytes = "x".repeat(10_000);
        LockName name = LockName.of("order", tenKilobytes);
        assertThat(name.fullName()).startsWith("order:xxxxx").hasSizeLessThanOrEqualTo(512);
        assertThat(name).isEqualTo(LockName.of("order", tenKilobytes));
        assertThat(name).isNotEqualTo(LockName.of("order", tenKilobytes + "y"));
        assertThat(name.key()).isEqualTo(tenKilobytes);
    }

    @Test
    void countsBytesNotCharacters() {
        String fits = "é".repeat(250);
        assertThat(LockName.of("a", fits).fullName()).isEqualTo("a:" + fits);
        for (int length = 100; length < 300; length++) {
            byte[] bytes = LockName.of("a", "😀".repeat(length)).fullName().getBytes(StandardCharsets.UTF_8);
            assertThat(bytes).hasSizeLessThanOrEqualTo(512);
            assertThat(new String(bytes, StandardCharsets.UTF_8)).doesNotContain("?");
        }
    }

    @Test
    void aShortenedNameCannotBeWrittenByHand() {
        String shortened = LockName.of("a", "x".repeat(1_000)).fullName();
        assertThat(LockName.of(shortened).fullName()).isNotEqualTo(shortened);
    }

    static Stream<Object> texts() {
        return Stream.of(
                "text",
                'c',
                1,
                2L,
                3.5,
                true,
                new BigDecimal("1.50"),
                TimeUnit.DAYS,
                UUID.randomUUID(),
                Instant.EPOCH,
                LocalDate.of(2026, 1, 31),
                ZoneId.of("UTC"),
                Path.of("a", "b"),
                new WithText(),
                new Key(1, "x"),
                new StringBuilder("text"));
    }

    @ParameterizedTest
    @MethodSource("texts")
    void acceptsWhatHasATextOfItsOwn(Object part) {
        assertThat(LockName.of("order", part).key()).isEqualTo(part.toString());
    }

    @Test
    void anEnumIsItsNameWhateverItsText() {
        assertThat(LockName.of("order", Talkative.RED).fullName()).isEqualTo("order:RED");
        assertThat(LockName.of("order", Talkative.BLUE).fullName()).isEqualTo("order:BLUE");
    }

    static Stream<Object> unfit() {
        return Stream.of(
                "",
                " ",
                "\t\n",
                new Object(),
                new WithoutText(),
                (Runnable) () -> {},
                new int[] {1},
                new String[][] {{"a"}},
                List.of("a"),
                Set.of(),
                Map.of("a", 1),
                new ArrayList<>(),
                Optional.of("a"),
                OptionalInt.of(1),
                Stream.of("a"),
                List.of("a").iterator(),
                (Iterable<String>) () -> Collections.emptyIterator(),
                new BlankText(),
                new NullText());
    }

    @ParameterizedTest
    @MethodSource("unfit")
    void refusesWhatCannotIdentifyALock(Object part) {
        assertThatThrownBy(() -> LockName.of("order", "eu", part))
                .isInstanceOf(LockKeyException.class)
                .hasMessageContaining("part 2")
                .hasMessageContaining("'order'");
    }

    @Test
    void refusesNull() {
        assertThatThrownBy(() -> LockName.of("order", "eu", null))
                .isInstanceOf(LockKeyException.class)
                .hasMessage("Key part 2 of lock 'order' is null: all callers with null would share one lock");
        assertThatThrownBy(() -> LockName.of("order", (Object[]) null))
                .isInstanceOf(LockKeyException.class)
                .hasMessageContaining("is null");
        assertThatThrownBy(() -> LockOptions.named("order").key((Object[]) null))
                .isInstanceOf(LockKeyException.class);
    }

    @Test
    void refusesAnArrayThatWouldBecomeTheParts() {
        String[] ids = {"1", "2"};
        assertThatThrownBy(() -> LockName.of("order", (Object[]) ids))
                .isInstanceOf(LockKeyException.class)
                .hasMessageContaining("java.lang.String[]")
                .hasMessageContaining("'order'");
        assertThatThrownBy(() -> LockOptions.named("order").key((Object[]) ids)).isInstanceOf(LockKeyException.class);
        assertThat(LockName.of("order", new Object[] {"1", "2"})).isEqualTo(LockName.of("order", "1", "2"));
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "  ", "\n"})
    void refusesABlankName(String name) {
        assertThatThrownBy(() -> LockName.of(name))
                .isInstanceOf(LockKeyException.class)
                .hasMessageContaining("blank");
    }

    @Test
    void aMaskedKeyIsShownAsAPseudonymAndIdentifiesTheSameLock() {
        LockName plain = LockName.of("order", "alice@example.org", 7);
        LockName masked = plain.masked();
        assertThat(masked).isEqualTo(plain).hasSameHashCodeAs(plain);
        assertThat(masked.key()).isEqualTo(plain.key());
        assertThat(masked.fullName()).isEqualTo(plain.fullName());
        assertThat(masked.toString()).matches("order:#[0-9a-f]{12}");
        assertThat(plain).hasToString("order:alice@example.org:7");
        assertThat(LockName.of("a:b", 1).masked().toString()).startsWith("a%3Ab:#");
    }

    @Test
    void aPseudonymIsTheSameInEveryProcessAndDiffersBetweenLocks() {
        // the first digits of sha256sum: documented, so that a known lock can be found in a log
        assertThat(LockName.of("order", 42).masked()).hasToString("order:#da68380de022");
        assertThat(LockName.of("invoice", 42).masked().shownKey())
                .isNotEqualTo(LockName.of("order", 42).masked().shownKey());
        assertThat(LockName.of("order", 43).masked().shownKey())
                .isNotEqualTo(LockName.of("order", 42).masked().shownKey());
    }

    @Test
    void thereIsNothingToMaskWithoutKey() {
        assertThat(LockName.of("order").masked()).hasToString("order");
        assertThat(LockName.of("order").masked().shownKey()).isNull();
    }

    private record Key(int id, String region) {}

    private static final class WithText {

        @Override
        public boolean equals(Object other) {
            return other instanceof WithText;
        }

        @Override
        public int hashCode() {
            return 1;
        }

        @Override
        public String toString() {
            return "own text";
        }
    }

    private record BlankText() {

        @Override
        public String toString() {
            return " ";
        }
    }

    private record NullText() {

        @Override
        public String toString() {
            return null;
        }
    }

    private static final class WithoutText {}

    private enum Talkative {
        RED,
        BLUE;

        @Override
        public String toString() {
            return "a colour";
        }
    }
}
