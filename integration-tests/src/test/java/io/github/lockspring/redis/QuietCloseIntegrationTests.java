package io.github.lockspring.redis;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.lockspring.store.TenureId;
import io.github.lockspring.testredis.TestRedis;
import org.junit.jupiter.api.RepeatedTest;
import org.junit.jupiter.api.extension.ExtendWith;
import org.springframework.boot.test.system.CapturedOutput;
import org.springframework.boot.test.system.OutputCaptureExtension;
import org.springframework.data.redis.connection.lettuce.LettuceConnectionFactory;

/** An application stops as it should: nothing of that deserves a warning, of ours or of the driver. */
@ExtendWith(OutputCaptureExtension.class)
class QuietCloseIntegrationTests {

    @RepeatedTest(10)
    void closingTheStoreAndThenTheFactoryWarnsOfNothing(CapturedOutput output) throws Exception {
        LettuceConnectionFactory factory =
                Drivers.lettuce(TestRedis.shared().host(), TestRedis.shared().port());
        try (StoreClient client = new StoreClient(factory, "quiet:").subscribe().awaitListening()) {
            TenureId owner = client.owner("a");
            client.acquires(owner);
            client.frees(owner);
        }
        factory.destroy();
        assertThat(output).doesNotContain("WARN", "ERROR");
    }
}
