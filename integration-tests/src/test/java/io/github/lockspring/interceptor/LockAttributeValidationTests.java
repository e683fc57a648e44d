package io.github.lockspring.interceptor;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import io.github.lockspring.LockOptions;
import io.github.lockspring.LockSettings;
import io.github.lockspring.LockSettings.PerName;
import io.github.lockspring.LockTimes;
import io.github.lockspring.ProxyKind;
import io.github.lockspring.interceptor.WrongAttributes.BadHoldAtLeast;
import io.github.lockspring.interceptor.WrongAttributes.BadMaxHoldTime;
import io.github.lockspring.interceptor.WrongAttributes.BothAnnotations;
import io.github.lockspring.interceptor.WrongAttributes.ConstantCondition;
import io.github.lockspring.interceptor.WrongAttributes.Everything;
import io.github.lockspring.interceptor.WrongAttributes.Fair;
import io.github.lockspring.interceptor.WrongAttributes.LeaseInCondition;
import io.github.lockspring.interceptor.WrongAttributes.LeaseInKey;
import io.github.lockspring.interceptor.WrongAttributes.LockedFallback;
import io.github.lockspring.interceptor.WrongAttributes.Misfits;
import io.github.lockspring.interceptor.WrongAttributes.NoFallback;
import io.github.lockspring.interceptor.WrongAttributes.Several;
import io.github.lockspring.interceptor.WrongAttributes.ShorterThanAtLeast;
import io.github.lockspring.interceptor.WrongAttributes.ShorterThanItsLease;
import io.github.lockspring.interceptor.WrongAttributes.SkippedPrimitive;
import io.github.lockspring.interceptor.WrongAttributes.TextCondition;
import io.github.lockspring.interceptor.WrongAttributes.Unfair;
import io.github.lockspring.interceptor.WrongAttributes.UnknownInCondition;
import io.github.lockspring.interceptor.WrongAttributes.UnparsableCondition;
import java.time.Duration;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.MethodSource;
import org.springframework.beans.factory.BeanCreationException;
import org.springframework.boot.test.context.assertj.AssertableApplicationContext;
import org.springframework.boot.test.context.runner.ApplicationContextRunner;
import org.springframework.core.NestedExceptionUtils;

/** What is wrong with the attributes around a call stops the start, and the message says where, what, and how to mend it. */
class LockAttributeValidationTests {

    private static final LockTimes MINUTES =
            LockTimes.NONE.leaseTime(Duration.ofMinutes(5)).waitTime(Duration.ZERO);

    static Stream<Arguments> wrong() {
        return Stream.of(
                Arguments.of(NoFallback.class, new String[] {
                    "fallback = \"busy\"",
                    "NoFallback.run(String)",
                    "no method busy of " + NoFallback.class.getName() + " fits. Declare Object busy(String), or",
                    "busy(String, LockNotAcquiredException)",
                    "busy(String, LockException) for failures of the store",
                    "without checked exceptions"
                }),
                Arguments.of(Misfits.class, new String[] {
                    "fallback = \"busy\"",
                    "fits, but there are",
                    "Object busy()",
                    "Object busy(Object)",
                    "void busy(String)",
                    "Object busy(String, LockStoreException)",
                    "Object busy(String, LockException) throws IOException",
                    "Declare Object busy(String), or"
                }),
                Arguments.of(Several.class, new String[] {
                    "fallback = \"busy\"",
                    "several methods fit: ",
                    "Object busy(String)",
                    "Object busy(String, LockNotAcquiredException)",
                    "Keep one of them"
                }),
                Arguments.of(LockedFallback.class, new String[] {
                    "fallback = \"busy\"",
                    "LockedFallback.run(String)",
                    "Object busy(String) is locked itself",
                    "Annotate it with @NotLocked"
                }),
                Arguments.of(SkippedPrimitive.class, new String[] {
                    "onContention = SKIP", "SkippedPrimitive.count()", "int has no value that says so", "Optional"
                }),
                Arguments.of(BadHoldAtLeast.class, new String[] {
                    "holdAtLeast = \"-1s\"", "BadHoldAtLeast.run(String)", "is negative", "such as \"50s\""
                }),
                Arguments.of(BadMaxHoldTime.class, new String[] {
                    "maxHoldTime = \"5\"", "BadMaxHoldTime.run(String)", "means milliseconds", "Write the unit: \"5s\""
                }),
                Arguments.of(ShorterThanItsLease.class, new String[] {
                    "maxHoldTime = \"10s\"",
                    "ShorterThanItsLease.run(String)",
                    "the maximum hold time PT10S is shorter than the lease time PT5M",
                    "Increase maxHoldTime",
                    "distributed-lock.locks.short take precedence"
                }),
                Arguments.of(
                        ShorterThanAtLeast.class,
                        new String[] {"maxHoldTime = \"1m\"", "PT1M is shorter than the lease time PT5M"}),
                Arguments.of(
                        UnparsableCondition.class,
                        new String[] {"condition = \"#argument.\"", "not a valid SpEL expression", "Correct it"}),
                Arguments.of(
                        UnknownInCondition.class,
                        new String[] {"condition = \"#oder != null\"", "unknown variable #oder", "Use #argument, #p0"}),
                Arguments.of(ConstantCondition.class, new String[] {
                    "condition = \"'urgent'\"", "it is always urgent, which is not a boolean", "Write an expression"
                }),
                Arguments.of(TextCondition.class, new String[] {
                    "condition = \"#argument\"", "its value is of java.lang.String", "Write an expression"
                }),
                Arguments.of(LeaseInKey.class, new String[] {
                    "key = \"#lease.fencingToken()\"", "#lease is the lease of the lock", "Use another parameter"
                }),
                Arguments.of(LeaseInCondition.class, new String[] {
                    "condition = \"#p1 != null\"", "#p1 is the lease of the lock", "Use another parameter"
                }),
                Arguments.of(
                        BothAnnotations.class,
                        new String[] {"BothAnnotations.run(String)", "annotated with @NotLocked", "Remove one"}));
    }

    @ParameterizedTest
    @MethodSource("wrong")
    void refusesWhatCannotWork(Class<?> type, String[] message) {
        for (ProxyKind kind : ProxyKind.values()) {
            runner(kind, MINUTES).withBean(type).run(context -> assertRefused(context, message));
        }
    }

    @ParameterizedTest
    @EnumSource
    void reportsEverythingThatIsWrongWithAnAnnotation(ProxyKind kind) {
        LockingConfiguration.runner(kind)
                .withBean(Everything.class)
                .run(context -> assertRefused(
                        context,
                        "no.such.property",
                        "waitTime = \"soon\"",
                        "holdAtLeast = \"-1s\"",
                        "maxHoldTime = \"never\"",
                        "condition = \"1\"",
                        "onContention = SKIP"));
    }

    @ParameterizedTest
    @EnumSource
    void refusesTwoOrdersOfOneLock(ProxyKind kind) {
        LockingConfiguration.runner(kind)
                .withBean(Fair.class)
                .withBean(Unfair.class)
                .run(context -> assertRefused(
                        context,
                        "fair = false",
                        "'shared'",
                        Fair.class.getName() + ".run(String)",
                        Unfair.class.getName() + ".run(String)",
                        "Give all methods of a name the same value"));
    }

    @ParameterizedTest
    @EnumSource
    void holdTimesOfTheNameCount(ProxyKind kind) {
        LockTimes ofName = LockTimes.NONE.maxHoldTime(Duration.ofMinutes(10)).holdAtLeast(Duration.ofSeconds(1));
        LockSettings settings = new LockSettings(PerName.of(MINUTES), Map.of("short", PerName.of(ofName)), false);
        LockingConfiguration.runner(kind)
                .withBean(LockSettings.class, () -> settings)
                .withBean(ShorterThanItsLease.class)
                .withBean(ShorterThanAtLeast.class)
                .run(context -> assertThat(context).hasNotFailed());
    }

    @ParameterizedTest
    @EnumSource
    void withoutSettingsTheAnnotationIsCheckedByItself(ProxyKind kind) {
        LockingConfiguration.runner(kind)
                .withBean(ShorterThanItsLease.class)
                .run(context -> assertThat(context).hasNotFailed());
        LockingConfiguration.runner(kind)
                .withBean(ShorterThanAtLeast.class)
                .run(context -> assertRefused(context, "shorter than the time to hold at least PT2M"));
    }

    @ParameterizedTest
    @EnumSource
    void refusesTimesOfALazyBeanWhenItIsCreated(ProxyKind kind) {
        runner(kind, MINUTES)
                .withBean("lazy", Job.class, ShorterThanItsLease::new, definition -> definition.setLazyInit(true))
                .run(context -> {
                    assertThat(context).hasNotFailed();
                    assertThatExceptionOfType(BeanCreationException.class)
                            .isThrownBy(() -> context.getBean(Job.class))
                            .withRootCauseInstanceOf(InvalidLockAnnotationException.class);
                });
    }

    private static ApplicationContextRunner runner(ProxyKind kind, LockTimes times) {
        LockSettings settings = new LockSettings(PerName.of(times), Map.of(), false);
        assertThat(settings.times(LockOptions.named("any")).leaseTime()).isEqualTo(times.leaseTime());
        return LockingConfiguration.runner(kind).withBean(LockSettings.class, () -> settings);
    }

    private static void assertRefused(AssertableApplicationContext context, String... message) {
        assertThat(context).hasFailed();
        assertThat(NestedExceptionUtils.getMostSpecificCause(context.getStartupFailure()))
                .isInstanceOf(InvalidLockAnnotationException.class)
                .hasMessageContainingAll(message);
    }
}
