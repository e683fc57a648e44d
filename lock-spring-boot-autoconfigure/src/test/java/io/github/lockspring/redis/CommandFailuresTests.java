package io.github.lockspring.redis;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.lockspring.LockStoreException;
import io.github.lockspring.LockStoreException.Outcome;
import java.net.UnknownHostException;
import java.util.NoSuchElementException;
import java.util.concurrent.CancellationException;
import java.util.concurrent.CompletionException;
import java.util.concurrent.TimeoutException;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import org.springframework.data.redis.RedisConnectionFailureException;

class CommandFailuresTests {

    @ParameterizedTest
    @ValueSource(
            strings = {
                "LOADING Redis is loading the dataset in memory",
                "TRYAGAIN Multiple keys request during rehashing of slot",
                "CLUSTERDOWN The cluster is down",
                "BUSY Redis is busy running a script",
                "NOREPLICAS Not enough good replicas to write.",
                "MASTERDOWN Link with MASTER is down and replica-serve-stale-data is set to 'no'.",
                "MISCONF Redis is configured to save RDB snapshots, but it's currently unable to persist to disk.",
                "READONLY You can't write against a read only replica. script: 5f, on @user_script:3.",
                "OOM command not allowed when used memory > 'maxmemory'. script: 5f, on @user_script:3.",
                "@user_script: 31: -OOM command not allowed when used memory > 'maxmemory'.",
                "ERR Error running script (call to f_5f): @user_script:2: @user_script: 2: -OOM command not allowed"
            })
    void refusalMayAnswerTheSecondCopyOfACommandWhoseFirstWasExecuted(String reply) {
        LockStoreException failure = CommandFailures.of(
                "renew.lua on lock:{x}", new IllegalStateException("wrapped", new IllegalStateException(reply)), false);
        assertThat(failure.getOutcome()).isEqualTo(Outcome.UNKNOWN);
    }

    @Test
    void permanentRefusalsSayWhatToChange() {
        String reply = "NOPERM this user has no permissions to run the 'evalsha' command";

        LockStoreException failure =
                CommandFailures.of("acquire.lua on lock:{x}", new IllegalStateException(reply), false);

        assertThat(failure.getOutcome()).isEqualTo(Outcome.REFUSED);
        assertThat(failure)
                .hasMessageStartingWith("Redis refused acquire.lua on lock:{x}: " + reply + ". ")
                .hasMessageContaining("+eval +evalsha");
    }

    /** A driver that knows the cluster has been sent around too often, which passes; another one always will be. */
    @ParameterizedTest
    @CsvSource({"true, UNKNOWN", "false, REFUSED"})
    void keyOfAnotherServerIsRefusedToADriverWithoutACluster(boolean clustered, Outcome outcome) {
        Throwable moved = new IllegalStateException(
                "Redirect: slot 1111 to 10.0.0.2:6379.", new IllegalStateException("MOVED 1111 x"));
        LockStoreException failure = CommandFailures.of("x", moved, clustered);
        assertThat(failure.getOutcome()).isEqualTo(outcome);
        assertThat(failure.getMessage().contains("'spring.data.redis.cluster.nodes'"))
                .isEqualTo(!clustered);
    }

    @Test
    void connectionThatIsRefusedRefusesTheCommand() {
        Throwable refused = new IllegalStateException(
                "Unable to connect to Redis",
                new IllegalStateException("Unable to connect to 10.0.0.1", new IllegalStateException("NOAUTH HELLO")));

        LockStoreException failure = CommandFailures.notSent("x", CommandFailures.noConnection(refused), refused);

        assertThat(failure.getOutcome()).isEqualTo(Outcome.REFUSED);
        assertThat(failure)
                .hasMessageStartingWith(
                        "Redis refused x: no connection (Unable to connect to 10.0.0.1: NOAUTH HELLO). ")
                .hasMessageContaining("'spring.data.redis.password'");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "CROSSSLOT Keys in request don't hash to the same slot",
                "ERR bad lua script for redis cluster, all the keys that the script uses should be passed",
                "ERR something that nobody knows",
            })
    void severalKeysMayBeRefusedWithAnyMessage(String reply) {
        assertThat(CommandFailures.isRefusalOfSeveral(new IllegalStateException(reply)))
                .isTrue();
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "LOADING Redis is loading the dataset in memory",
                "ERR Error running script (call to f_5f): @user_script:2: @user_script: 2: -OOM command not allowed",
                "Connection reset"
            })
    void temporaryFailuresAreNotRefusalsOfSeveralKeys(String failure) {
        assertThat(CommandFailures.isRefusalOfSeveral(new IllegalStateException(failure)))
                .isFalse();
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "Connection is closed",
                "Currently not connected. Commands are rejected.",
                "Request queue size exceeded: 5. Commands are not accepted until the queue size drops.",
                "Command buffer size exceeded: 5. Commands are not accepted until the queue size drops."
            })
    void commandsNotWrittenByTheDriverMayBeSecondCopies(String refusal) {
        IllegalStateException failure = new IllegalStateException(refusal);
        assertThat(CommandFailures.isNotWritten(failure)).isTrue();
        assertThat(outcome(failure)).isEqualTo(Outcome.UNKNOWN);
    }

    @Test
    void unknownFailuresHaveAnUnknownOutcome() {
        assertThat(outcome(new IllegalStateException("Connection reset"))).isEqualTo(Outcome.UNKNOWN);
        assertThat(outcome(new IllegalStateException((String) null))).isEqualTo(Outcome.UNKNOWN);
        assertThat(outcome(new TimeoutException())).isEqualTo(Outcome.UNKNOWN);
        assertThat(outcome(new CompletionException(new TimeoutException()))).isEqualTo(Outcome.UNKNOWN);
    }

    @Test
    void commandThatWasCancelledWithItsConnectionMayHaveHappened() {
        LockStoreException failure = CommandFailures.of("acquire.lua on lock:{x}", new CancellationException(), false);
        assertThat(failure.getOutcome()).isEqualTo(Outcome.UNKNOWN);
        assertThat(failure).hasMessageContaining("the connection was lost");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "ERR unknown command",
                "NOSCRIPT No matching script. Please use EVAL.",
                "@user_script: 31: -OOM command not allowed when used memory > 'maxmemory'."
            })
    void errorOfTheServerIsAnAnswer(String reply) {
        assertThat(CommandFailures.isReply(new IllegalStateException("wrapped", new IllegalStateException(reply))))
                .isTrue();
    }

    @ParameterizedTest
    @ValueSource(strings = {"Unexpected end of stream.", "No more cluster attempts left.", "Read timed out"})
    void failureOfTheConnectionIsNoAnswer(String failure) {
        assertThat(CommandFailures.isReply(new IllegalStateException(failure))).isFalse();
    }

    @Test
    void stoppedFactoryAndExhaustedPoolSayNothingAboutTheServer() {
        Throwable exhausted = new IllegalArgumentException(
                "Could not get a resource from the pool",
                new NoSuchElementException("Timeout waiting for idle object"));

        assertThat(CommandFailures.isLocal(exhausted)).isTrue();
        assertThat(CommandFailures.isLocal(new IllegalStateException("The factory has been stopped")))
                .isTrue();
        assertThat(CommandFailures.isLocal(new RedisConnectionFailureException("Failed to connect")))
                .isFalse();
    }

    @Test
    void knownFailureStaysAsItIs() {
        LockStoreException known = CommandFailures.notSent("x", "why", null);
        assertThat(CommandFailures.of("y", new CompletionException(known), false))
                .isSameAs(known);
        assertThat(known.getOutcome()).isEqualTo(Outcome.NOT_EXECUTED);
    }

    @Test
    void connectionFailuresNameTheServer() {
        assertThat(noConnection("Unable to connect to 10.0.0.1:6379", "WRONGPASS"))
                .isEqualTo("no connection (Unable to connect to 10.0.0.1:6379: WRONGPASS)");
        assertThat(noConnection("Connection refused: redis/10.0.0.1:6379", "Connection refused"))
                .isEqualTo("no connection (Connection refused: redis/10.0.0.1:6379)");
        assertThat(CommandFailures.noConnection(new IllegalStateException("alone")))
                .isEqualTo("no connection (alone)");
        IllegalStateException ofAll = new IllegalStateException("Could not initialize cluster slots cache.");
        ofAll.addSuppressed(new IllegalStateException("ERR This instance has cluster support disabled"));
        assertThat(CommandFailures.noConnection(ofAll))
                .isEqualTo("no connection (Could not initialize cluster slots cache.: ERR This instance has cluster"
                        + " support disabled)");
    }

    private static String noConnection(String outer, String inner) {
        return CommandFailures.noConnection(new IllegalStateException(
                "Unable to connect to Redis", new IllegalStateException(outer, new IllegalStateException(inner))));
    }

    @Test
    void distinguishesAMissingPermissionFromAnUnreachableServer() {
        assertThat(CommandFailures.says(
                        new IllegalStateException("wrapped", new IllegalStateException("NOPERM no channel")), "NOPERM"))
                .isTrue();
        assertThat(CommandFailures.says(new IllegalStateException("Connection refused"), "NOPERM"))
                .isFalse();
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "Unable to connect to localhost/<unresolved>:6379",
                "Failed to connect to any host resolved for DNS name.",
                "Cannot obtain initial Redis Cluster topology",
                "Could not initialize cluster slots cache.",
                "All sentinels down, cannot determine where is mymaster master is running...",
                "NOAUTH Authentication required.",
                "WRONGPASS invalid username-password pair or user is disabled.",
                "ERR invalid DB index"
            })
    void serverIsUnreachable(String said) {
        Throwable failure = new IllegalStateException("wrapped", new IllegalStateException(said));
        assertThat(CommandFailures.isUnreachable(failure)).isTrue();
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "NOPERM this user has no permissions to access one of the channels used as arguments",
                "ERR unknown command 'SUBSCRIBE'",
                "it was lost",
                "Connection reset by peer"
            })
    void serverIsReachable(String said) {
        Throwable failure = new IllegalStateException("wrapped", new IllegalStateException(said));
        assertThat(CommandFailures.isUnreachable(failure)).isFalse();
    }

    @Test
    void unknownHostIsUnreachableAndAnExhaustedPoolIsNot() {
        assertThat(CommandFailures.isUnreachable(new IllegalStateException(new UnknownHostException("redis"))))
                .isTrue();
        assertThat(CommandFailures.isUnreachable(new IllegalStateException(
                        "Could not get a resource from the pool", new NoSuchElementException("Timeout waiting"))))
                .isFalse();
    }

    /** Keys may be personal data; the engine says which lock a failure concerns. */
    @Test
    void messagesNameCommandsWithoutTheirKeys() {
        ScriptCall call = new ScriptCall(LockScript.ACQUIRE, new KeyLayout("lock:").allKeys("order:alice"));
        assertThat(CommandFailures.notSent(call, "why", null)).hasMessage("Cannot send acquire.lua to Redis: why");
    }

    private static Outcome outcome(Throwable failure) {
        return CommandFailures.of("release.lua on lock:{x}", failure, false).getOutcome();
    }
}
