package io.github.lockspring;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.ObjectInputStream;
import java.io.ObjectOutputStream;
import java.time.Duration;
import org.junit.jupiter.api.Test;

/** What the exceptions say. */
final class LockExceptionTests {

    @Test
    void contentionSaysWhoHasTheLockAndForHowLong() {
        LockHolder holder = new LockHolder("shop@host-1:17:ab:9", Duration.ofMillis(1_234));
        LockNotAcquiredException exception = new LockNotAcquiredException("order:42", Duration.ofMillis(250), holder);
        assertThat(exception)
                .hasMessage("Lock 'order:42' was not acquired within 250 ms: held by shop@host-1:17:ab:9"
                        + " (for 1234 ms more unless renewed)");
        assertThat(exception.getFullName()).isEqualTo("order:42");
        assertThat(exception.getWaited()).isEqualTo(Duration.ofMillis(250));
        assertThat(exception.getHolder()).isEqualTo(holder);
    }

    @Test
    void timesWithoutEndAreNoProblem() {
        assertThat(new LockNotAcquiredException("order", LockOptions.FOREVER, new LockHolder("x", LockOptions.FOREVER)))
                .hasMessageContaining("x (no expiry)");
        assertThat(new LockHolder("x", LockOptions.FOREVER.minusNanos(1))).hasToString("x (no expiry)");
    }

    @Test
    void anUnknownHolderIsAnotherCaller() {
        assertThat(new LockNotAcquiredException("order", Duration.ZERO, null))
                .hasMessage("Lock 'order' was not acquired within 0 ms: held by another caller");
    }

    @Test
    void aLostLeaseSaysWhatToDo() {
        LeaseLostException exception = new LeaseLostException("order", 4711, "the store is gone");
        assertThat(exception)
                .hasMessageContaining("'order'")
                .hasMessageContaining("4711")
                .hasMessageContaining("the store is gone")
                .hasMessageContaining("undo or reject");
        assertThat(exception.getFullName()).isEqualTo("order");
        assertThat(exception.getFencingToken()).isEqualTo(4711);
    }

    @Test
    void othersNameTheLockToo() {
        assertThat(new LockInterruptedException("order")).hasMessageContaining("'order'");
        assertThat(new LockShutdownException("order")).hasMessageContaining("'order'");
        assertThat(new LockStoreException("down", null, LockStoreException.Outcome.REFUSED).getOutcome())
                .isEqualTo(LockStoreException.Outcome.REFUSED);
    }

    @Test
    void theyAreSerializable() throws Exception {
        ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        try (ObjectOutputStream output = new ObjectOutputStream(bytes)) {
            output.writeObject(
                    new LockNotAcquiredException("order", Duration.ofSeconds(1), new LockHolder("x", Duration.ZERO)));
        }
        try (ObjectInputStream input = new ObjectInputStream(new ByteArrayInputStream(bytes.toByteArray()))) {
            LockNotAcquiredException read = (LockNotAcquiredException) input.readObject();
            assertThat(read.getFullName()).isEqualTo("order");
            assertThat(read.getHolder()).isNull();
            assertThat(read).hasMessageContaining("held by x");
        }
    }
}
