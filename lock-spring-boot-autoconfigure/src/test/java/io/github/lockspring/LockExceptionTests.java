package io.github.lockspring;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.ObjectInputStream;
import java.io.ObjectOutputStream;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** What the exceptions say. */
class LockExceptionTests {

    private static final LockName ORDER = LockName.of("order", "alice@example.org");

    @Test
    void contentionSaysForHowLongAndNotWhoHasTheLock() {
        LockHolder holder = new LockHolder("shop@host-1:17:ab:9", Duration.ofMillis(1_234));
        LockNotAcquiredException exception =
                new LockNotAcquiredException(LockName.of("order", 42), Duration.ofMillis(250), holder);
        assertThat(exception)
                .hasMessage("Lock 'order:42' was not acquired within 250 ms: held by another caller (for 1234 ms more"
                        + " unless renewed)");
        assertThat(exception.getWaited()).isEqualTo(Duration.ofMillis(250));
        assertThat(exception.getHolder()).isEqualTo(holder);
        assertThat(holder).hasToString("shop@host-1:17:ab:9 (for 1234 ms more unless renewed)");
    }

    @Test
    void timesWithoutEndAreNoProblem() {
        assertThat(new LockNotAcquiredException(ORDER, LockDurations.FOREVER, new LockHolder("x", null)))
                .hasMessageContaining("within any time: held by another caller (no expiry)");
        assertThat(new LockHolder("x", null)).hasToString("x (no expiry)");
    }

    @Test
    void anUnknownHolderIsAnotherCaller() {
        assertThat(new LockNotAcquiredException(LockName.of("order"), Duration.ZERO, null))
                .hasMessage("Lock 'order' was not acquired within 0 ms: held by another caller");
    }

    @Test
    void aLostLeaseSaysWhatToDo() {
        LeaseLostException exception = new LeaseLostException(LockName.of("order"), 4711, "the store is gone");
        assertThat(exception)
                .hasMessageContaining("'order'")
                .hasMessageContaining("4711")
                .hasMessageContaining("the store is gone")
                .hasMessageContaining("undo or reject");
        assertThat(exception.getFencingToken()).isEqualTo(4711);
    }

    static List<LockException> ofOneLock(LockName lock) {
        return List.of(
                new LockNotAcquiredException(lock, Duration.ofSeconds(1), new LockHolder("x", Duration.ZERO)),
                new LeaseLostException(lock, 1, "the store is gone"),
                new LockInterruptedException(lock),
                new LockShutdownException(lock),
                new LockStoreException(
                        lock, "Lock '" + lock + "': down", null, LockStoreException.Outcome.NOT_EXECUTED));
    }

    static List<LockException> ofOneLock() {
        return ofOneLock(ORDER);
    }

    static List<LockException> ofOneLockWithMaskedKey() {
        return ofOneLock(ORDER.masked());
    }

    @ParameterizedTest
    @MethodSource("ofOneLock")
    void eachSaysWhichLockItConcerns(LockException exception) {
        assertThat(exception.getLockName()).isEqualTo("order");
        assertThat(exception.getKey()).isEqualTo("alice@example.org");
        assertThat(exception.getFullName()).isEqualTo("order:alice@example.org");
        assertThat(exception).hasMessageContaining("'order:alice@example.org'");
    }

    @ParameterizedTest
    @MethodSource("ofOneLockWithMaskedKey")
    void noneShowsAMaskedKey(LockException exception) {
        assertThat(exception.getLockName()).isEqualTo("order");
        assertThat(exception.getKey()).startsWith("#").doesNotContain("alice");
        assertThat(exception.getFullName()).isEqualTo("order:" + exception.getKey());
        assertThat(exception).hasMessageContaining("'order:" + exception.getKey() + "'");
    }

    @Test
    void aStoreDoesNotSayWhichLock() {
        LockStoreException exception = new LockStoreException("down", null, LockStoreException.Outcome.REFUSED);
        assertThat(exception.getOutcome()).isEqualTo(LockStoreException.Outcome.REFUSED);
        assertThat(exception.getLockName()).isNull();
        assertThat(exception.getKey()).isNull();
        assertThat(exception.getFullName()).isNull();
    }

    @Test
    void aRefusedKeySaysWhichName() {
        LockKeyException exception =
                catchThrowableOfType(LockKeyException.class, () -> LockName.of("order", List.of("alice")));
        assertThat(exception.getLockName()).isEqualTo("order");
        assertThat(exception.getFullName()).isNull();
        assertThat(catchThrowableOfType(LockKeyException.class, () -> LockName.of("order", (Object[]) null))
                        .getLockName())
                .isEqualTo("order");
        assertThat(catchThrowableOfType(LockKeyException.class, () -> LockName.of(" "))
                        .getLockName())
                .isNull();
    }

    @ParameterizedTest
    @MethodSource("ofOneLock")
    void theyAreSerializable(LockException exception) throws Exception {
        ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        try (ObjectOutputStream output = new ObjectOutputStream(bytes)) {
            output.writeObject(exception);
        }
        try (ObjectInputStream input = new ObjectInputStream(new ByteArrayInputStream(bytes.toByteArray()))) {
            LockException read = (LockException) input.readObject();
            assertThat(read).hasSameClassAs(exception).hasMessage(exception.getMessage());
            assertThat(read.getLockName()).isEqualTo("order");
            assertThat(read.getFullName()).isEqualTo("order:alice@example.org");
        }
    }
}
