package io.github.lockspring.interceptor;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.lockspring.LogCapture;
import io.github.lockspring.annotation.DistributedLock;
import java.lang.annotation.Retention;
import java.lang.annotation.RetentionPolicy;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.springframework.util.ReflectionUtils;

/** An annotation of another library, imported by mistake, is pointed out where ours is used, too. */
class NamesakeAnnotationsTests {

    private final LogCapture log = LogCapture.info(LockOperationSource.class);

    private final LockOperationSource source = new LockOperationSource(text -> text);

    @AfterEach
    void close() {
        this.log.close();
    }

    @Test
    void pointsOutNamesakesOfTheMethodAndOfItsClassOnce() {
        parse(Orders.class, "both");
        parse(Orders.class, "ours");

        assertThat(this.log.said().toString())
                .contains(Other.DistributedLock.class.getName(), DistributedLock.class.getName(), "correct the import")
                .containsOnlyOnce("class " + Orders.class.getName() + " has the annotation")
                .containsOnlyOnce("Orders.both() has the annotation")
                .containsOnlyOnce("Orders.theirs() has the annotation")
                .doesNotContain("Orders.ours() has the annotation");
    }

    @Test
    void isSilentWithoutNamesakes() {
        parse(Plain.class, "ours");
        assertThat(this.log.said()).isEmpty();
    }

    @Test
    void leavesAnnotationsThatCarryOursAlone() {
        parse(Composed.class, "ours");
        assertThat(this.log.said()).isEmpty();
    }

    private void parse(Class<?> type, String method) {
        assertThat(this.source.operation(ReflectionUtils.findMethod(type, method), type))
                .isNotNull();
    }

    static class OfTheApplication {

        @io.github.lockspring.annotation.DistributedLock
        @Retention(RetentionPolicy.RUNTIME)
        @interface DistributedLock {}
    }

    static class Composed {

        @OfTheApplication.DistributedLock
        void ours() {}
    }

    static class Other {

        @Retention(RetentionPolicy.RUNTIME)
        @interface DistributedLock {}
    }

    @Other.DistributedLock
    static class Orders {

        @DistributedLock
        @Other.DistributedLock
        void both() {}

        @DistributedLock
        void ours() {}

        @Other.DistributedLock
        void theirs() {}
    }

    static class Plain {

        @Deprecated
        @DistributedLock
        void ours() {}
    }
}
