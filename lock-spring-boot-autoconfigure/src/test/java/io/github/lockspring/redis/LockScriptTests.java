package io.github.lockspring.redis;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import java.util.regex.Pattern;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

class LockScriptTests {

    private static final Pattern COMMAND = Pattern.compile("redis\\.p?call\\('([A-Z]+)'");

    static List<LockScript> scripts() {
        return List.of(
                LockScript.ACQUIRE,
                LockScript.RENEW,
                LockScript.RELEASE,
                LockScript.KEEP,
                LockScript.EXPIRE,
                LockScript.LEAVE,
                LockScript.HOLDER,
                LockScript.ECHO,
                LockScript.PROBE);
    }

    @ParameterizedTest
    @MethodSource("scripts")
    void everyScriptSaysWhatItTakesAndReturns(LockScript script) {
        assertThat(script.text()).contains("-- KEYS").contains("-- Returns").doesNotContain("-- include");
    }

    @ParameterizedTest
    @MethodSource("scripts")
    void noScriptHasAHeaderThatOlderServersRefuse(LockScript script) {
        assertThat(script.text()).doesNotContain("#!");
    }

    @ParameterizedTest
    @MethodSource("scripts")
    void digestIsTheOneRedisComputes(LockScript script) {
        assertThat(script.sha()).matches("[0-9a-f]{40}");
    }

    /** A message that finds nobody, or is not permitted, must not undo a hand-over. The message to oneself is nothing else. */
    static List<LockScript> scriptsThatAlsoPublish() {
        return scripts().stream().filter(script -> script != LockScript.ECHO).toList();
    }

    @ParameterizedTest
    @MethodSource("scriptsThatAlsoPublish")
    void publishingNeverRaises(LockScript script) {
        assertThat(script.text()).doesNotContain("redis.call('PUBLISH'").doesNotContain("redis.call('PUBSUB'");
    }

    @ParameterizedTest
    @MethodSource("scripts")
    void onlyDocumentedCommandsAreUsed(LockScript script) {
        assertThat(COMMAND.matcher(script.text()).results().map(match -> match.group(1)))
                .isSubsetOf(
                        "GET", "SET", "DEL", "EXISTS", "PEXPIRE", "PTTL", "TIME", "ZADD", "ZREM", "ZRANGE", "ZRANK",
                        "HMGET", "HSET", "HDEL", "PUBLISH", "PUBSUB", "INFO");
    }

    /** The permission for INFO is optional. */
    @ParameterizedTest
    @MethodSource("scripts")
    void refusedInfoRaisesNothing(LockScript script) {
        assertThat(script.text()).doesNotContain("redis.call('INFO'");
    }
}
