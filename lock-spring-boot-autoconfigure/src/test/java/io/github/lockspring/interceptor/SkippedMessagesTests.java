package io.github.lockspring.interceptor;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.lockspring.annotation.DistributedLock;
import io.github.lockspring.annotation.OnContention;
import java.lang.annotation.Retention;
import java.lang.annotation.RetentionPolicy;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.springframework.context.event.EventListener;
import org.springframework.kafka.annotation.KafkaListener;

class SkippedMessagesTests {

    @ParameterizedTest
    @ValueSource(strings = {"received", "composed"})
    void findsListenersThatSkip(String method) {
        assertThat(remarks(method))
                .singleElement()
                .satisfies(remark -> assertThat(remark.toString())
                        .isEqualTo(
                                "@DistributedLock(onContention = SKIP) on " + Listeners.class.getName() + "." + method
                                        + "(String): it receives messages, and one that is skipped is acknowledged although its work is"
                                        + " not done. Use OnContention.THROW, so that the message is delivered again; SKIP is for work"
                                        + " that the holder of the lock does for all"));
    }

    @ParameterizedTest
    @ValueSource(strings = {"thrown", "withFallback", "event", "noListener"})
    void leavesOtherMethodsAlone(String method) {
        assertThat(remarks(method)).isEmpty();
    }

    @Test
    void areRemarksOnTheClass() {
        assertThat(LockedType.of(Listeners.class, new LockOperationSource(text -> text))
                        .remarks())
                .extracting(LockAnnotationProblem::method)
                .containsExactlyInAnyOrder(
                        Listeners.class.getName() + ".received(String)",
                        Listeners.class.getName() + ".composed(String)");
    }

    private static List<LockAnnotationProblem> remarks(String method) {
        return SkippedMessages.remarks(List.of(ParsedLocks.operation(Listeners.class, method)));
    }

    @KafkaListener
    @Retention(RetentionPolicy.RUNTIME)
    @interface OrderListener {}

    static class Listeners {

        @KafkaListener
        @DistributedLock(onContention = OnContention.SKIP)
        void received(String message) {}

        @OrderListener
        @DistributedLock(onContention = OnContention.SKIP)
        void composed(String message) {}

        @KafkaListener
        @DistributedLock
        void thrown(String message) {}

        @KafkaListener
        @DistributedLock(onContention = OnContention.SKIP, fallback = "instead")
        void withFallback(String message) {}

        private void instead(String message) {}

        @EventListener
        @DistributedLock(onContention = OnContention.SKIP)
        void event(String event) {}

        @DistributedLock(onContention = OnContention.SKIP)
        void noListener(String message) {}
    }
}
