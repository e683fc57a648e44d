package io.github.lockspring.interceptor;

import java.util.List;
import java.util.Set;
import org.springframework.core.annotation.MergedAnnotations;
import org.springframework.core.annotation.MergedAnnotations.SearchStrategy;

/** Finds methods that receive messages and skip them: the message is acknowledged as if it had been processed. */
final class SkippedMessages {

    /** By name: the annotations need not be there. */
    private static final Set<String> LISTENERS = Set.of(
            "io.awspring.cloud.sqs.annotation.SqsHandler",
            "io.awspring.cloud.sqs.annotation.SqsListener",
            "org.springframework.amqp.rabbit.annotation.RabbitHandler",
            "org.springframework.amqp.rabbit.annotation.RabbitListener",
            "org.springframework.cloud.stream.annotation.StreamListener",
            "org.springframework.integration.annotation.ServiceActivator",
            "org.springframework.jms.annotation.JmsListener",
            "org.springframework.kafka.annotation.KafkaHandler",
            "org.springframework.kafka.annotation.KafkaListener",
            "org.springframework.pulsar.annotation.PulsarListener",
            "org.springframework.pulsar.reactive.config.annotation.ReactivePulsarListener");

    private SkippedMessages() {}

    static List<LockAnnotationProblem> remarks(List<LockOperation> operations) {
        return operations.stream()
                .filter(operation ->
                        operation.skips() && operation.fallback() == null && isListener(operation.declaration()))
                .map(operation -> operation
                        .declaration()
                        .problem(
                                "onContention = SKIP",
                                "it receives messages, and one that is skipped is acknowledged although its work is"
                                        + " not done",
                                "Use OnContention.THROW, so that the message is delivered again; SKIP is for work that"
                                        + " the holder of the lock does for all"))
                .toList();
    }

    private static boolean isListener(LockDeclaration declaration) {
        MergedAnnotations annotations = MergedAnnotations.from(declaration.method(), SearchStrategy.TYPE_HIERARCHY);
        return LISTENERS.stream().anyMatch(annotations::isPresent);
    }
}
