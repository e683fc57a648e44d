package io.github.lockspring.redis;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class ServerRefusalTests {

    @ParameterizedTest
    @CsvSource(delimiter = '|', quoteCharacter = '"', textBlock = """
            PASSWORD | WRONGPASS invalid username-password pair or user is disabled.
            PASSWORD | NOAUTH Authentication required.
            PASSWORD | NOAUTH HELLO must be called with the client already authenticated
            PASSWORD | DENIED Redis is running in protected mode because protected mode is enabled
            PASSWORD | ERR AUTH <password> called without any password configured for the default user.
            PASSWORD | ERR Client sent AUTH, but no password is set
            PASSWORD | ERR invalid password
            PERMISSION | NOPERM this user has no permissions to run the 'evalsha' command
            PERMISSION | NOPERM User app has no permissions to run the 'select' command
            PERMISSION | NOPERM this user has no permissions to access one of the keys used as arguments
            PERMISSION | ERR ACL failure in script: User app has no permissions to run the 'pexpire' command script: 5f
            PERMISSION | ERR The user executing the script can't run this command or subcommand script: 5f
            PERMISSION | @user_script: 13: The user executing the script can't run this command or subcommand
            DATABASE | ERR DB index is out of range
            DATABASE | ERR invalid DB index
            DATABASE | ERR SELECT is not allowed in cluster mode
            NO_CLUSTER | ERR This instance has cluster support disabled
            NO_PARTITION | Cannot determine a partition for slot 5649.
            NO_PARTITION | Cannot determine a partition to read for slot 5649.
            COMMAND | ERR unknown command `EVALSHA`, with args beginning with: `5f`, `1`, `lock:{x}`,
            COMMAND | ERR unknown command 'EVALSHA', with args beginning with: '5f' '1' 'lock:{x}'
            COMMAND | ERR unknown command evalsha
            COMMAND | ERR Unknown Redis command called from script script: 5f, on @user_script:1.
            COMMAND | ERR Unknown command called from script script: 5f, on @user_script:1.
            COMMAND | @user_script: 1: Unknown Redis command called from Lua script
            COMMAND | ERR bad lua script for redis cluster, all the keys that the script uses should be passed
            COMMAND | ERR command not support
            COMMAND | ERR EVALSHA is not supported
            COMMAND | ERR unsupported command 'evalsha'
            COMMAND | ERR can't run this command or subcommand
            COMMAND | CROSSSLOT Keys in request don't hash to the same slot
            COMMAND | NOPROTO unsupported protocol version
            FOREIGN_VALUE | WRONGTYPE Operation against a key holding the wrong kind of value script: 5f
            FOREIGN_VALUE | ERR fencing counter lock:fence:{1} is no number below 2^52
            """)
    void isToldByTheTextOfTheServer(ServerRefusal refusal, String reply) {
        assertThat(ServerRefusal.of(new IllegalStateException("Error in execution", new IllegalStateException(reply))))
                .isEqualTo(refusal);
        String inScript = "ERR Error running script (call to f_5f): @user_script:3: @user_script: 3: ";
        assertThat(ServerRefusal.of(new IllegalStateException(inScript + reply)))
                .isEqualTo(reply.startsWith("@") ? ServerRefusal.of(new IllegalStateException(reply)) : refusal);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "LOADING Redis is loading the dataset in memory",
                "BUSY Redis is busy running a script. You can only call SCRIPT KILL or SHUTDOWN NOSAVE.",
                "MASTERDOWN Link with MASTER is down and replica-serve-stale-data is set to 'no'.",
                "CLUSTERDOWN Hash slot not served",
                "TRYAGAIN Multiple keys request during rehashing of slot",
                "READONLY You can't write against a read only replica. script: 5f, on @user_script:3.",
                "OOM command not allowed when used memory > 'maxmemory'.",
                "MISCONF Redis is configured to save RDB snapshots, but it's currently unable to persist to disk.",
                "NOREPLICAS Not enough good replicas to write.",
                "NOSCRIPT No matching script. Please use EVAL.",
                "ERR max number of clients reached",
                "ERR Connection timed out",
                "Connection refused: noauth.example.com/10.0.0.1:6379",
                "Connection closed prematurely",
                "No more cluster attempts left.",
                "io.lettuce.core.output.ValueOutput does not support set(long)"
            })
    void troubleThatPassesIsNone(String failure) {
        assertThat(ServerRefusal.of(new IllegalStateException("Unable to connect", new IllegalStateException(failure))))
                .isNull();
        assertThat(ServerRefusal.of(new IllegalStateException(
                        "ERR Error running script (call to f_5f): @user_script:3: @user_script: 3: -" + failure)))
                .isNull();
    }

    @Test
    void failureWithoutTextIsNone() {
        assertThat(ServerRefusal.of(null)).isNull();
        assertThat(ServerRefusal.of(new IllegalStateException())).isNull();
    }

    /** Drivers ask all nodes of a cluster before they give up. */
    @Test
    void allServersMustHaveRefused() {
        IllegalStateException failure = new IllegalStateException("Could not initialize cluster slots cache.");
        failure.addSuppressed(new IllegalStateException("ERR This instance has cluster support disabled"));
        assertThat(ServerRefusal.of(new IllegalStateException("Unable to connect", failure)))
                .isEqualTo(ServerRefusal.NO_CLUSTER);
        failure.addSuppressed(new IllegalStateException("Connection refused"));
        assertThat(ServerRefusal.of(failure)).isNull();
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "ERR unknown command `EVALSHA`, with args beginning with: `5f`, `1`, `lock:{x}`, ",
                "NOPERM this user has no permissions to run the 'evalsha' command",
                "ERR unknown command",
                "ERR EVALSHA is not supported"
            })
    void digestsMayBeRefusedAlone(String reply) {
        assertThat(ServerRefusal.isOfDigests(new IllegalStateException("wrapped", new IllegalStateException(reply))))
                .isTrue();
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "ERR Unknown Redis command called from script script: 5f, on @user_script:1.",
                "ERR Error running script (call to f_5f): @user_script:1: @user_script: 1: Unknown Redis command called",
                "NOPERM this user has no permissions to access one of the keys used as arguments",
                "NOAUTH Authentication required.",
                "Connection refused"
            })
    void whatTheTextWouldNotHelpIsNoRefusalOfDigests(String failure) {
        assertThat(ServerRefusal.isOfDigests(new IllegalStateException(failure)))
                .isFalse();
    }
}
