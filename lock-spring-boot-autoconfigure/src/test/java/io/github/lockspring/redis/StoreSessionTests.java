package io.github.lockspring.redis;

import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.assertj.core.api.Assertions.assertThatIllegalStateException;
import static org.assertj.core.api.Assertions.assertThatNoException;
import static org.mockito.ArgumentMatchers.any;
import static org.mockito.BDDMockito.given;
import static org.mockito.BDDMockito.willThrow;
import static org.mockito.Mockito.mock;
import static org.mockito.Mockito.spy;

import io.github.lockspring.store.GrantListener;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.springframework.data.redis.RedisConnectionFailureException;
import org.springframework.data.redis.connection.RedisConnectionFactory;

class StoreSessionTests {

    private final GrantListener listener = mock();

    private final KeyLayout layout = spy(new KeyLayout("lock:"));

    private final StoreSession session =
            new StoreSession(unreachable(), RedisLockStoreSettings.DEFAULTS, this.layout, RedisServerLabel.DEFAULT);

    private static RedisConnectionFactory unreachable() {
        RedisConnectionFactory factory = mock();
        given(factory.getConnection()).willThrow(new RedisConnectionFailureException("no server"));
        return factory;
    }

    @AfterEach
    void close() {
        this.session.close();
    }

    @Test
    void hasOneReceiverAtATime() {
        this.session.register("client", this.listener);
        this.session.deregister("other");
        assertThatIllegalStateException()
                .isThrownBy(() -> this.session.register("other", this.listener))
                .withMessageContaining("one store serves one engine at a time");
        this.session.deregister("client");
        this.session.deregister("client");
        assertThatNoException().isThrownBy(() -> this.session.register("other", this.listener));
    }

    /** As when there is no thread for its subscription. */
    @Test
    void aRegistrationThatHasFailedCanBeRepeated() {
        willThrow(new OutOfMemoryError("unable to create native thread"))
                .willCallRealMethod()
                .given(this.layout)
                .channel(any());
        assertThatExceptionOfType(OutOfMemoryError.class)
                .isThrownBy(() -> this.session.register("client", this.listener));
        assertThatNoException().isThrownBy(() -> this.session.register("client", this.listener));
    }
}
