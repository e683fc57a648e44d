package io.github.lockspring.interceptor;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.lockspring.annotation.DistributedLock;
import io.github.lockspring.annotation.OnContention;
import java.lang.annotation.Annotation;
import java.lang.annotation.Retention;
import java.lang.annotation.RetentionPolicy;
import java.util.List;
import net.bytebuddy.ByteBuddy;
import net.bytebuddy.description.annotation.AnnotationDescription;
import net.bytebuddy.description.modifier.Visibility;
import net.bytebuddy.dynamic.DynamicType;
import net.bytebuddy.dynamic.loading.ClassLoadingStrategy;
import net.bytebuddy.implementation.StubMethod;
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

    /** The libraries are not on the class path: annotations of the same names are made here. */
    @ParameterizedTest
    @ValueSource(
            strings = {
                "io.awspring.cloud.sqs.annotation.SqsHandler",
                "io.awspring.cloud.sqs.annotation.SqsListener",
                "org.springframework.amqp.rabbit.annotation.RabbitHandler",
                "org.springframework.amqp.rabbit.annotation.RabbitListener",
                "org.springframework.cloud.stream.annotation.StreamListener",
                "org.springframework.integration.annotation.ServiceActivator",
                "org.springframework.jms.annotation.JmsListener",
                "org.springframework.kafka.annotation.KafkaHandler",
                "org.springframework.pulsar.annotation.PulsarListener",
                "org.springframework.pulsar.reactive.config.annotation.ReactivePulsarListener"
            })
    void knowsTheListenersOf(String annotation) {
        Class<?> listener = listenerWith(annotation);
        assertThat(SkippedMessages.remarks(List.of(ParsedLocks.operation(listener, "received"))))
                .singleElement()
                .satisfies(remark -> assertThat(remark.toString()).contains("received(String): it receives messages"));
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

    private static Class<?> listenerWith(String annotation) {
        DynamicType.Unloaded<? extends Annotation> type = new ByteBuddy()
                .makeAnnotation()
                .name(annotation)
                .annotateType(AnnotationDescription.Builder.ofType(Retention.class)
                        .define("value", RetentionPolicy.RUNTIME)
                        .build())
                .make();
        AnnotationDescription skipping = AnnotationDescription.Builder.ofType(DistributedLock.class)
                .define("onContention", OnContention.SKIP)
                .build();
        return new ByteBuddy()
                .subclass(Object.class)
                .name("com.acme.Listeners")
                .defineMethod("received", void.class, Visibility.PUBLIC)
                .withParameters(String.class)
                .intercept(StubMethod.INSTANCE)
                .annotateMethod(
                        AnnotationDescription.Builder.ofType(type.getTypeDescription())
                                .build(),
                        skipping)
                .make()
                .include(type)
                .load(SkippedMessagesTests.class.getClassLoader(), ClassLoadingStrategy.Default.WRAPPER)
                .getLoaded();
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
