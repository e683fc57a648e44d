package io.github.lockspring.redis;

import static org.assertj.core.api.Assertions.assertThat;
import static org.mockito.ArgumentMatchers.any;
import static org.mockito.ArgumentMatchers.anyInt;
import static org.mockito.ArgumentMatchers.anyString;
import static org.mockito.BDDMockito.given;
import static org.mockito.BDDMockito.willAnswer;
import static org.mockito.Mockito.mock;

import io.github.lockspring.store.RenewOutcome;
import io.github.lockspring.store.Renewal;
import io.github.lockspring.store.TenureId;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.TimeUnit;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.springframework.data.redis.connection.RedisConnection;
import org.springframework.data.redis.connection.RedisConnectionFactory;
import org.springframework.data.redis.connection.RedisScriptingCommands;

/** What becomes of renewals that a server refuses together. */
class RedisLockStoreRenewalTests {

    private static final byte[] ALL_RENEWED = {};

    private final RedisScriptingCommands scripting = mock();

    private final RedisConnectionFactory factory = mock();

    private final RedisLockStore store = new RedisLockStore(this.factory, RedisLockStoreSettings.DEFAULTS);

    /** How many keys each call had. */
    private final List<Integer> calls = new CopyOnWriteArrayList<>();

    private volatile String ofSeveral = "";

    private volatile String ofOne = "";

    RedisLockStoreRenewalTests() {
        RedisConnection connection = mock();
        given(this.factory.getConnection()).willReturn(connection);
        given(connection.scriptingCommands()).willReturn(this.scripting);
        willAnswer(invocation -> {
                    int keys = invocation.getArgument(2);
                    this.calls.add(keys);
                    String refusal = keys > 1 ? this.ofSeveral : this.ofOne;
                    if (!refusal.isEmpty()) {
                        throw new IllegalArgumentException("wrapped", new IllegalStateException(refusal));
                    }
                    return ALL_RENEWED;
                })
                .given(this.scripting)
                .evalSha(anyString(), any(), anyInt(), any(byte[][].class));
    }

    @AfterEach
    void close() {
        this.store.close();
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "CROSSSLOT Keys in request don't hash to the same slot",
                "ERR bad lua script for redis cluster, all the keys that the script uses should be passed",
                "ERR keys of several servers",
                "TRYAGAIN Multiple keys request during rehashing of slot"
            })
    void areTriedSinglyAtOnceAndFromThenOn(String refusal) throws Exception {
        this.ofSeveral = refusal;
        assertThat(renew(3)).containsOnly(RenewOutcome.RENEWED);
        assertThat(this.calls).containsExactly(3, 1, 1, 1);
        assertThat(renew(3)).containsOnly(RenewOutcome.RENEWED);
        assertThat(this.calls).containsExactly(3, 1, 1, 1, 1, 1, 1);
    }

    @Test
    void failWhereEachIsRefusedByItself() throws Exception {
        this.ofSeveral = "NOPERM this user has no permissions to access one of the keys used as arguments";
        this.ofOne = this.ofSeveral;

        assertThat(renew(2)).allSatisfy(outcome -> assertThat(outcome).isInstanceOf(RenewOutcome.Failed.class));

        assertThat(this.calls).containsExactly(2, 1, 1);

        this.ofSeveral = "";
        this.ofOne = "";
        this.calls.clear();
        assertThat(renew(2)).containsOnly(RenewOutcome.RENEWED);
        assertThat(this.calls).as("singly did not help").containsExactly(2);
    }

    @Test
    void areNotTriedSinglyWhileTheServerIsBusy() throws Exception {
        this.ofSeveral = "BUSY Redis is busy running a script.";
        assertThat(renew(2)).allSatisfy(outcome -> assertThat(outcome).isInstanceOf(RenewOutcome.Failed.class));
        assertThat(this.calls).containsExactly(2);
    }

    /** It may be another server. */
    @Test
    void areTriedTogetherAgainOverANewConnection() throws Exception {
        this.ofSeveral = "CROSSSLOT Keys in request don't hash to the same slot";
        renew(2);
        this.ofSeveral = "";
        this.ofOne = "Connection reset";
        renew(1);
        this.ofOne = "";
        renew(1);
        this.calls.clear();

        assertThat(renew(2)).containsOnly(RenewOutcome.RENEWED);

        assertThat(this.calls).containsExactly(2);
    }

    private List<RenewOutcome> renew(int count) throws Exception {
        List<Renewal> renewals = IntStream.range(0, count)
                .mapToObj(i -> new Renewal(TenureId.exclusive("lock-" + i, "a@b:1:c:" + i), Duration.ofSeconds(9)))
                .toList();
        List<RenewOutcome> outcomes = new ArrayList<>();
        for (CompletionStage<RenewOutcome> outcome : this.store.renew(renewals)) {
            outcomes.add(outcome.toCompletableFuture().get(20, TimeUnit.SECONDS));
        }
        return outcomes;
    }
}
