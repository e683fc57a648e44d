package io.github.lockspring.redis;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalStateException;
import static org.mockito.BDDMockito.given;
import static org.mockito.BDDMockito.willThrow;
import static org.mockito.Mockito.mock;

import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.springframework.data.redis.connection.RedisConnection;
import org.springframework.data.redis.connection.Subscription;

class BlockingGrantConnectionTests {

    private final RedisConnection connection = mock();

    private final Subscription subscription = mock();

    private final BlockingGrantConnection grants = new BlockingGrantConnection(this.connection);

    /** What Spring says until its own thread has noticed the end. */
    @BeforeEach
    void subscribe() {
        given(this.connection.isSubscribed()).willReturn(true);
        given(this.connection.getSubscription()).willReturn(this.subscription);
        given(this.subscription.isAlive()).willReturn(true);
        this.grants.subscribe(new byte[] {1}, mock(GrantReceiver.class));
    }

    /** Otherwise, nothing would give the connection back: its thread takes it for one that does not block. */
    @Test
    void isOverOnceAnotherThreadEndsIt() {
        this.grants.end();
        assertThat(this.grants.isSubscribed()).isFalse();
    }

    @Test
    void goesOnWhereTheDriverDoesNotBlock() {
        assertThat(this.grants.isSubscribed()).isTrue();
    }

    @Test
    void canBeEndedAgainIfThatHasFailed() {
        willThrow(new IllegalStateException("not connected"))
                .given(this.subscription)
                .unsubscribe();
        assertThatIllegalStateException().isThrownBy(this.grants::end);
        assertThat(this.grants.isSubscribed()).isTrue();
    }
}
