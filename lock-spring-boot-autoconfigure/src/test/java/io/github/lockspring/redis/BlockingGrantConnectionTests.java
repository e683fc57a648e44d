package io.github.lockspring.redis;

import static org.assertj.core.api.Assertions.assertThat;
import static org.mockito.BDDMockito.given;
import static org.mockito.Mockito.mock;

import org.junit.jupiter.api.Test;
import org.springframework.data.redis.connection.RedisConnection;

class BlockingGrantConnectionTests {

    /** Otherwise, nothing would give the connection back: its thread takes it for one that does not block. */
    @Test
    void isOverOnceSubscribingHasReturned() {
        RedisConnection connection = mock();
        given(connection.isSubscribed()).willReturn(true);
        BlockingGrantConnection grants = new BlockingGrantConnection(connection);
        assertThat(grants.isSubscribed()).isTrue();
        grants.subscribe(new byte[] {1}, mock(GrantReceiver.class));
        assertThat(grants.isSubscribed()).isFalse();
    }
}
