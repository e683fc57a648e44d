package io.github.lockspring.reactive;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.lockspring.testredis.JvmProcess;
import io.github.lockspring.testredis.TestRedis;
import java.util.List;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/** Nothing blocks a thread of Reactor or Netty, as BlockHound sees it. It changes the JDK, in a JVM of its own. */
@Tag("default-line")
class BlockingCallsIntegrationTests {

    private static final List<String> OPTIONS = List.of(
            "-XX:+AllowRedefinitionToAddDeleteMethods",
            "-XX:+EnableDynamicAgentLoading",
            "-Djdk.attach.allowAttachSelf=true");

    @Test
    void pipelinesUnderLocksBlockNoThread() {
        TestRedis redis = TestRedis.shared();
        try (JvmProcess process =
                JvmProcess.start(OPTIONS, LockedPipelines.class, redis.host(), redis.port(), TestRedis.newPrefix())) {
            assertThat(process.await("blocking")).isEqualTo("none");
            // it would find one
            assertThat(process.await("blocking")).contains("java.lang.Thread.sleep", "LockedPipelines.block");
        }
    }
}
