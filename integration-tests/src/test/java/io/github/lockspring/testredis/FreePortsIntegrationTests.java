package io.github.lockspring.testredis;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

class FreePortsIntegrationTests {

    private static final int MANY = 400;

    @Test
    void jvmsAreNeverGivenTheSamePort() {
        try (JvmProcess another = JvmProcess.start(PortUser.class)) {
            List<String> ports = ports();

            assertThat(ports).doesNotHaveDuplicates().hasSize(MANY);
            assertThat(another.await("ports").split(" "))
                    .hasSize(MANY)
                    .doesNotHaveDuplicates()
                    .doesNotContainAnyElementsOf(ports);
        }
    }

    private static List<String> ports() {
        return Stream.generate(FreePorts::next).limit(MANY).map(String::valueOf).toList();
    }

    static final class PortUser {

        public static void main(String[] arguments) throws InterruptedException {
            ParentJvm parent = ParentJvm.connect();
            parent.say("ports " + String.join(" ", ports()));
            parent.nextCommand();
        }
    }
}
