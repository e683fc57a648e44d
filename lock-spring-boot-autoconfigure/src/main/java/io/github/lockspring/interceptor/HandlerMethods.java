package io.github.lockspring.interceptor;

import io.github.lockspring.LockLease;
import java.util.Arrays;
import java.util.List;
import java.util.Set;
import org.springframework.core.annotation.MergedAnnotations;
import org.springframework.core.annotation.MergedAnnotations.SearchStrategy;

/** Methods that a framework calls, with arguments that it finds for their parameters: it knows no leases. */
final class HandlerMethods {

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

    private static final Set<String> OTHERS = Set.of(
            "org.springframework.graphql.data.method.annotation.BatchMapping",
            "org.springframework.graphql.data.method.annotation.SchemaMapping",
            "org.springframework.messaging.handler.annotation.MessageMapping",
            "org.springframework.web.bind.annotation.ExceptionHandler",
            "org.springframework.web.bind.annotation.ModelAttribute",
            "org.springframework.web.bind.annotation.RequestMapping",
            "org.springframework.web.service.annotation.HttpExchange");

    private HandlerMethods() {}

    /** Whether a method receives messages. */
    static boolean isListener(LockDeclaration declaration) {
        return hasAnyOf(LISTENERS, declaration);
    }

    private static boolean hasAnyOf(Set<String> names, LockDeclaration declaration) {
        MergedAnnotations annotations = MergedAnnotations.from(declaration.method(), SearchStrategy.TYPE_HIERARCHY);
        return names.stream().anyMatch(annotations::isPresent);
    }

    /** Finds those that expect a lease from the framework, as a parameter without an annotation that says what to find. */
    static List<LockAnnotationProblem> remarks(List<LockOperation> operations) {
        return operations.stream()
                .filter(operation -> operation.leases() != null)
                .map(LockOperation::declaration)
                .filter(declaration -> Arrays.stream(declaration.method().getParameters())
                        .anyMatch(each -> each.getType() == LockLease.class && each.getAnnotations().length == 0))
                .filter(declaration -> hasAnyOf(OTHERS, declaration) || isListener(declaration))
                .map(declaration -> declaration.problem(
                        "",
                        "a framework calls it, and has no argument for its parameter of type LockLease: unless the"
                                + " application has an argument resolver for that, the call fails before the lock is"
                                + " acquired",
                        "Remove the parameter, and call LockContext.required() in the method"))
                .toList();
    }
}
