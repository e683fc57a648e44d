package io.github.lockspring.engine;

import static org.assertj.core.api.Assertions.assertThat;

import org.jetbrains.lincheck.datastructures.ModelCheckingOptions;
import org.jetbrains.lincheck.datastructures.Options;
import org.jetbrains.lincheck.datastructures.StressOptions;
import org.junit.jupiter.api.Test;

/**
 * Whatever a few threads get from a few calls is what some order of these calls, one after the other, gives.
 *
 * <p>Every build has Lincheck run each scenario often, on threads that run freely. With the system property
 * {@value #MODEL_CHECKING} Lincheck decides itself which thread goes on after every single step, which takes minutes.
 *
 * <p>Has a JVM of its own, since Lincheck transforms every class of it.
 */
class LinearizabilityTests {

    private static final String MODEL_CHECKING = "lock.model-checking";

    private static final int THREADS = 3;

    @Test
    void holdsForCallsThatDoNotWait() {
        check(TryLockHistory.class, TryLockHistory.Specification.class, 3, 200);
    }

    @Test
    void holdsForCallsThatWait() {
        check(CountingHistory.class, CountingHistory.Specification.class, 3, 200);
    }

    @Test
    void holdsInWhateverOrderAnswersArrive() {
        check(DeliveryHistory.class, DeliveryHistory.Specification.class, 6, 60);
        assertThat(DeliveryHistory.POLLS).as("polls while others had the lock").hasPositiveValue();
    }

    private static void check(Class<?> history, Class<?> specification, int callsPerThread, int runs) {
        Options<?, ?> options = Boolean.getBoolean(MODEL_CHECKING)
                ? new ModelCheckingOptions().iterations(20).invocationsPerIteration(runs)
                : new StressOptions().iterations(3_000 / runs).invocationsPerIteration(runs);
        // a smaller scenario may give one thread the calls of two, of which the second enters again
        options.minimizeFailedScenario(false)
                .threads(THREADS)
                .actorsBefore(0)
                .actorsPerThread(callsPerThread)
                .actorsAfter(0)
                .sequentialSpecification(specification)
                .check(history);
    }
}
