package io.github.lockspring.interceptor;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.github.lockspring.AdviceKind;
import io.github.lockspring.LockNotAcquiredException;
import io.github.lockspring.LockOptions;
import io.github.lockspring.annotation.DistributedLock;
import io.github.lockspring.annotation.OnContention;
import java.lang.annotation.Retention;
import java.lang.annotation.RetentionPolicy;
import java.time.Duration;
import java.util.Arrays;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.springframework.core.annotation.AliasFor;

/** Annotations of an application that are made of {@link DistributedLock}, on methods and on classes. */
class ComposedAnnotationTests {

    @ParameterizedTest
    @EnumSource
    void everyAttributeCanBeAnAlias(AdviceKind kind) throws Exception {
        LockingConfiguration.runner(kind).withBean(kind.type(Composed.class)).run(context -> {
            RecordingLocks locks = context.getBean(RecordingLocks.class);
            Tasks tasks = kind.bean(context, Tasks.class);

            assertThat(tasks.aliased("7", true)).isEqualTo("done");

            LockOptions options = locks.last();
            assertThat(options.lockName().fullName()).isEqualTo("aliased:7");
            assertThat(options.waitTime()).isEqualTo(Duration.ofSeconds(1));
            assertThat(options.leaseTime()).isEqualTo(Duration.ofSeconds(10));
            assertThat(options.renew()).isFalse();
            assertThat(options.holdAtLeast()).isEqualTo(Duration.ofSeconds(2));
            assertThat(options.maxHoldTime()).isEqualTo(Duration.ofMinutes(1));
            assertThat(options.fair()).isTrue();
            assertThat(options.reentrant()).isFalse();

            tasks.aliased("8", false);
            assertThat(locks.locked()).containsExactly("aliased:7");
            locks.refuse("aliased", LockFailureSamples.contended("aliased"));
            assertThat(tasks.aliased("7", true)).isEqualTo("instead");
            locks.refuse("skipped", LockFailureSamples.contended("skipped"));
            assertThat(tasks.skipped()).isNull();
        });
    }

    /** In an annotation of its own, an alias needs a default, which for a text is an empty one. */
    @ParameterizedTest
    @EnumSource
    void emptyTextOfAnAliasIsTheDefaultOfItsAttribute(AdviceKind kind) {
        LockingConfiguration.runner(kind).withBean(kind.type(Empty.class)).run(context -> {
            RecordingLocks locks = context.getBean(RecordingLocks.class);
            Tasks tasks = kind.bean(context, Tasks.class);

            tasks.skipped();
            assertThat(locks.last()).isEqualTo(LockOptions.named(Empty.class.getName() + ".skipped"));
            tasks.aliased("7", true);
            assertThat(locks.last())
                    .isEqualTo(LockOptions.named(Empty.class.getName() + ".aliased")
                            .key("7"));
            locks.refuse(Empty.class.getName() + ".skipped", LockFailureSamples.contended("skipped"));
            assertThatThrownBy(tasks::skipped).isInstanceOf(LockNotAcquiredException.class);
        });
    }

    /** An attribute that is added has to be one of the composed annotation above. */
    @Test
    void annotationOfTheTestHasEveryAttribute() {
        assertThat(Arrays.stream(Aliased.class.getDeclaredMethods()).map(method -> method.getName()))
                .containsExactlyInAnyOrderElementsOf(Arrays.stream(DistributedLock.class.getDeclaredMethods())
                        .map(method -> method.getName())
                        .filter(name -> !name.equals("value"))
                        .toList());
    }

    @ParameterizedTest
    @EnumSource
    void methodOverridesItsClass(AdviceKind kind) {
        LockingConfiguration.runner(kind).withBean(kind.type(OfClass.class)).run(context -> {
            RecordingLocks locks = context.getBean(RecordingLocks.class);
            locks.refuse("class", LockFailureSamples.contended("class"));
            locks.refuse("method", LockFailureSamples.contended("method"));
            Tasks tasks = kind.bean(context, Tasks.class);

            assertThat(tasks.skipped()).isNull();
            assertThat(locks.last().waitTime()).isEqualTo(Duration.ZERO);
            assertThat(tasks.aliased("7", true)).isEqualTo("instead");
            assertThat(locks.last().waitTime()).isNull();
            assertThat(locks.last().holdAtLeast()).isNull();
        });
    }

    @Retention(RetentionPolicy.RUNTIME)
    @DistributedLock
    @interface Aliased {

        @AliasFor(annotation = DistributedLock.class)
        String name() default "";

        @AliasFor(annotation = DistributedLock.class)
        String[] key() default {};

        @AliasFor(annotation = DistributedLock.class)
        String waitTime() default "";

        @AliasFor(annotation = DistributedLock.class)
        String leaseTime() default "";

        @AliasFor(annotation = DistributedLock.class)
        String renew() default "";

        @AliasFor(annotation = DistributedLock.class)
        String holdAtLeast() default "";

        @AliasFor(annotation = DistributedLock.class)
        String maxHoldTime() default "";

        @AliasFor(annotation = DistributedLock.class)
        String condition() default "";

        @AliasFor(annotation = DistributedLock.class)
        boolean fair() default false;

        @AliasFor(annotation = DistributedLock.class)
        boolean reentrant() default true;

        @AliasFor(annotation = DistributedLock.class)
        OnContention onContention() default OnContention.THROW;

        @AliasFor(annotation = DistributedLock.class)
        String fallback() default "";
    }

    /** A key of one text, which cannot be left out of the annotation as an array can. */
    @Retention(RetentionPolicy.RUNTIME)
    @DistributedLock
    public @interface On {

        @AliasFor(annotation = DistributedLock.class, attribute = "key")
        String value() default "";

        @AliasFor(annotation = DistributedLock.class)
        String name() default "";

        @AliasFor(annotation = DistributedLock.class)
        String waitTime() default "";

        @AliasFor(annotation = DistributedLock.class)
        String leaseTime() default "";

        @AliasFor(annotation = DistributedLock.class)
        String renew() default "";

        @AliasFor(annotation = DistributedLock.class)
        String holdAtLeast() default "";

        @AliasFor(annotation = DistributedLock.class)
        String maxHoldTime() default "";

        @AliasFor(annotation = DistributedLock.class)
        String condition() default "";

        @AliasFor(annotation = DistributedLock.class)
        String fallback() default "";
    }

    /** Public, for woven classes. */
    public interface Tasks {

        @Nullable Object aliased(String id, boolean urgent);

        @Nullable Object skipped();
    }

    static class Composed implements Tasks {

        @Override
        @Aliased(
                name = "aliased",
                key = "#id",
                waitTime = "1s",
                leaseTime = "10s",
                renew = "false",
                holdAtLeast = "2s",
                maxHoldTime = "1m",
                condition = "#urgent",
                fair = true,
                reentrant = false,
                fallback = "instead")
        public Object aliased(String id, boolean urgent) {
            return "done";
        }

        private Object instead(String id, boolean urgent) {
            return "instead";
        }

        @Override
        @Aliased(name = "skipped", onContention = OnContention.SKIP)
        public Object skipped() {
            return "done";
        }
    }

    public static class Empty implements Tasks {

        @Override
        @On("#id")
        public Object aliased(String id, boolean urgent) {
            return "done";
        }

        @Override
        @On
        public Object skipped() {
            return "done";
        }
    }

    @DistributedLock(name = "class", onContention = OnContention.SKIP, holdAtLeast = "5s")
    static class OfClass implements Tasks {

        @Override
        @DistributedLock(name = "method", fallback = "instead")
        public Object aliased(String id, boolean urgent) {
            return "done";
        }

        private Object instead(String id, boolean urgent) {
            return "instead";
        }

        @Override
        public Object skipped() {
            return "done";
        }
    }
}
