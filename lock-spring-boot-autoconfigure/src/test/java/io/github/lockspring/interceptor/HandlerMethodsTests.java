package io.github.lockspring.interceptor;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.lockspring.LockLease;
import io.github.lockspring.annotation.DistributedLock;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.springframework.kafka.annotation.KafkaListener;
import org.springframework.web.bind.annotation.ExceptionHandler;
import org.springframework.web.bind.annotation.GetMapping;

class HandlerMethodsTests {

    @ParameterizedTest
    @ValueSource(strings = {"request", "message", "failure", "ofInterface"})
    void findsMethodsWhoseLeaseTheirFrameworkWouldHaveToPass(String method) {
        assertThat(remarks(method))
                .singleElement()
                .satisfies(remark -> assertThat(remark.toString())
                        .contains(
                                Handlers.class.getName() + "." + method + "(",
                                "a framework calls it, and has no argument for its parameter of type LockLease",
                                "Remove the parameter, and call LockContext.required() in the method"));
    }

    @ParameterizedTest
    @ValueSource(strings = {"withoutLease", "called"})
    void leavesOtherMethodsAlone(String method) {
        assertThat(remarks(method)).isEmpty();
    }

    @Test
    void areRemarksOnTheClass() {
        assertThat(LockedType.of(Handlers.class, new LockOperationSource(text -> text))
                        .remarks())
                .hasSize(4);
    }

    private static List<LockAnnotationProblem> remarks(String method) {
        return HandlerMethods.remarks(List.of(ParsedLocks.operation(Handlers.class, method)));
    }

    interface Api {

        @GetMapping
        void ofInterface(String id, LockLease lease);
    }

    static class Handlers implements Api {

        @GetMapping
        @DistributedLock
        void request(String id, LockLease lease) {}

        @KafkaListener
        @DistributedLock
        void message(String message, LockLease lease) {}

        @ExceptionHandler
        @DistributedLock
        void failure(IllegalStateException failure, LockLease lease) {}

        @Override
        @DistributedLock
        public void ofInterface(String id, LockLease lease) {}

        @GetMapping
        @DistributedLock
        void withoutLease(String id) {}

        @DistributedLock
        void called(String id, LockLease lease) {}
    }
}
