package io.github.lockspring.samples.flashsale.page;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.atomic.AtomicBoolean;
import org.junit.jupiter.api.Test;

class SaleRequestsTests {

    private static final int ROUNDS = 100_000;

    private final SaleRequests requests = new SaleRequests();

    @Test
    void isOpenUntilARequestIsAcceptedAndOnceThatIsCarriedOut() {
        assertThat(this.requests.isOpen()).isFalse();
        this.requests.open();
        assertThat(this.requests.isOpen()).isTrue();
        this.requests.offer(SaleRequest.RESET);
        assertThat(this.requests.isOpen()).isFalse();
        this.requests.poll();
        assertThat(this.requests.isOpen()).isFalse();
        this.requests.open();
        assertThat(this.requests.isOpen()).isTrue();
    }

    /** Another thread looks all the time for what is accepted. */
    @Test
    void everyRequestThatIsAcceptedIsReturned() {
        AtomicBoolean ended = new AtomicBoolean();
        CompletableFuture<Integer> served = CompletableFuture.supplyAsync(() -> serve(ended));
        CompletableFuture<Void> offered = CompletableFuture.runAsync(() -> offer(ended));
        try {
            assertThat(served).succeedsWithin(Duration.ofSeconds(60)).isEqualTo(ROUNDS);
        } finally {
            ended.set(true);
        }
        assertThat(offered).succeedsWithin(Duration.ofSeconds(60));
    }

    private int serve(AtomicBoolean ended) {
        int served = 0;
        this.requests.open();
        while (served < ROUNDS && !ended.get()) {
            if (this.requests.poll() != null) {
                served++;
                this.requests.open();
            }
        }
        return served;
    }

    private void offer(AtomicBoolean ended) {
        int offered = 0;
        while (offered < ROUNDS && !ended.get()) {
            if (this.requests.offer(SaleRequest.RESET)) {
                offered++;
            }
        }
    }
}
