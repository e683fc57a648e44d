package io.github.lockspring.interceptor;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import io.github.lockspring.LockKeyException;
import io.github.lockspring.ProxyKind;
import io.github.lockspring.annotation.DistributedLock;
import java.lang.annotation.Retention;
import java.lang.annotation.RetentionPolicy;
import java.time.Instant;
import java.util.Date;
import java.util.List;
import java.util.TimeZone;
import java.util.function.Consumer;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.MethodSource;
import org.springframework.boot.test.context.runner.ApplicationContextRunner;
import org.springframework.boot.test.system.CapturedOutput;
import org.springframework.boot.test.system.OutputCaptureExtension;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import org.springframework.core.convert.ConversionService;
import org.springframework.core.convert.converter.Converter;
import org.springframework.core.convert.support.DefaultConversionService;
import org.springframework.format.support.DefaultFormattingConversionService;

/** What identifies a lock, and what is refused because it does not, through both kinds of proxies. */
@ExtendWith(OutputCaptureExtension.class)
class LockedKeysTests {

    @ParameterizedTest
    @EnumSource
    void aDateIsTheSameLockInEveryTimeZone(ProxyKind kind) {
        TimeZone before = TimeZone.getDefault();
        Date date = Date.from(Instant.parse("2026-01-31T23:30:00.123Z"));
        try {
            for (String zone : List.of("UTC", "Pacific/Auckland")) {
                TimeZone.setDefault(TimeZone.getTimeZone(zone));

                assertThat(locked(kind, Direct.class, date)).containsExactly("direct:2026-01-31T23%3A30%3A00.123Z");
                assertThat(locked(kind, Joined.class, date))
                        .containsExactly("joined:order-2026-01-31T23%3A30%3A00.123Z");
            }
        } finally {
            TimeZone.setDefault(before);
        }
    }

    @ParameterizedTest
    @EnumSource
    void refusesNullAmongWhatIsJoined(ProxyKind kind) {
        assertThatExceptionOfType(LockKeyException.class)
                .isThrownBy(() -> locked(kind, Joined.class, null))
                .withMessageContaining(Joined.class.getName() + ".run(Object)")
                .withMessageContaining("the operand #argument of + is null");
    }

    @ParameterizedTest
    @EnumSource
    void resolvesPlaceholdersInKeys(ProxyKind kind) {
        LockingConfiguration.runner(kind)
                .withPropertyValues("tenant=acme")
                .withBean(OfTenant.class)
                .run(context -> {
                    context.getBean(KeyJob.class).run("7");
                    assertThat(context.getBean(RecordingLocks.class).locked()).containsExactly("tenant:acme-7");
                });
    }

    static Stream<Arguments> wrong() {
        return Stream.of(
                Arguments.of(OfTenant.class, "tenant", "Define the property"),
                Arguments.of(Ambiguous.class, "#p1 is ambiguous", "Rename the parameter"),
                Arguments.of(
                        ExpressionAsName.class, "a name is not evaluated", "name = \"order\", key = \"#argument\""),
                Arguments.of(TargetClass.class, "#root has no targetClass", "#root.target.class"),
                Arguments.of(InlineList.class, "is a container", "key = {\"#argument\", \"#root.target.class\"}"),
                Arguments.of(AllArguments.class, "#root.args is a container", "one of its elements"),
                Arguments.of(UnitMissing.class, "means milliseconds", "\"30s\""));
    }

    @ParameterizedTest
    @MethodSource("wrong")
    void doesNotStartWithAKeyThatCannotWork(Class<? extends KeyJob> type, String found, String remedy) {
        for (ProxyKind kind : ProxyKind.values()) {
            LockingConfiguration.runner(kind)
                    .withBean(type)
                    .run(context -> assertThat(context)
                            .getFailure()
                            .rootCause()
                            .isInstanceOf(InvalidLockAnnotationException.class)
                            .hasMessageContaining(type.getName() + ".run(")
                            .hasMessageContaining(found)
                            .hasMessageContaining(remedy));
        }
    }

    static Stream<Arguments> converters() {
        return Stream.of(ConverterBean.class, DefaultService.class, WebService.class)
                .flatMap(configuration -> Stream.of(ProxyKind.values()).map(kind -> Arguments.of(kind, configuration)));
    }

    @ParameterizedTest
    @MethodSource("converters")
    void takesTheTextOfARegisteredConverter(ProxyKind kind, Class<?> configuration) {
        for (Parcel parcel : List.of(new Parcel("7"), new LargeParcel("7"))) {
            withConverter(
                    kind, configuration, parcel, locked -> assertThat(locked).containsExactly("direct:no. 7"));
        }
    }

    @ParameterizedTest
    @MethodSource("converters")
    void asksNoConverterAboutWhatNeedsNone(ProxyKind kind, Class<?> configuration) {
        withConverter(
                kind,
                configuration,
                Instant.EPOCH,
                locked -> assertThat(locked).containsExactly("direct:1970-01-01T00%3A00%3A00Z"));
    }

    @ParameterizedTest
    @MethodSource("converters")
    void refusesWhatNoConverterIsRegisteredFor(ProxyKind kind, Class<?> configuration) {
        for (Object other : List.of(new Object(), new Named("a"), List.of("a"), new int[] {1})) {
            assertThatExceptionOfType(LockKeyException.class)
                    .isThrownBy(() -> withConverter(kind, configuration, other, locked -> {}));
        }
    }

    @ParameterizedTest
    @EnumSource
    void saysHowToMakeTextOfAnObjectThatHasNone(ProxyKind kind) {
        assertThatExceptionOfType(LockKeyException.class)
                .isThrownBy(() -> locked(kind, Direct.class, new Parcel("7")))
                .withMessageContainingAll("does not override toString()", "register a Converter<Parcel, String> bean");
    }

    @ParameterizedTest
    @EnumSource
    void pointsOutAnnotationsOfTheSameName(ProxyKind kind, CapturedOutput output) {
        LockingConfiguration.runner(kind)
                .withBean(WrongImport.class)
                .run(context -> assertThat(context).hasNotFailed());
        assertThat(output)
                .containsOnlyOnce(OtherLibrary.DistributedLock.class.getName() + ", which is not "
                        + DistributedLock.class.getName());
    }

    private static List<String> locked(ProxyKind kind, Class<? extends KeyJob> type, @Nullable Object argument) {
        List<String>[] locked = new List[1];
        run(LockingConfiguration.runner(kind).withBean(type), kind, argument, found -> locked[0] = found);
        return locked[0];
    }

    private static void withConverter(
            ProxyKind kind, Class<?> configuration, Object argument, Consumer<List<String>> check) {
        run(
                LockingConfiguration.runner(kind)
                        .withUserConfiguration(configuration)
                        .withBean(Direct.class),
                kind,
                argument,
                check);
    }

    private static void run(
            ApplicationContextRunner runner, ProxyKind kind, @Nullable Object argument, Consumer<List<String>> check) {
        runner.run(context -> {
            KeyJob job = context.getBean(KeyJob.class);
            kind.assertIsKindOf(job);
            job.run(argument);
            check.accept(context.getBean(RecordingLocks.class).locked());
        });
    }

    interface KeyJob {

        void run(@Nullable Object argument);
    }

    static class Direct implements KeyJob {

        @Override
        @DistributedLock(name = "direct", key = "#argument")
        public void run(@Nullable Object argument) {}
    }

    static class Joined implements KeyJob {

        @Override
        @DistributedLock(name = "joined", key = "'order-' + #argument")
        public void run(@Nullable Object argument) {}
    }

    static class OfTenant implements KeyJob {

        @Override
        @DistributedLock(name = "tenant", key = "'${tenant}-' + #argument")
        public void run(@Nullable Object argument) {}
    }

    interface Pair extends KeyJob {

        @DistributedLock(key = {"#p1", "#p2"})
        void run(String p1, String p2);
    }

    static class Ambiguous implements Pair {

        @Override
        public void run(@Nullable Object argument) {}

        @Override
        public void run(String p1, String p2) {}
    }

    static class ExpressionAsName implements KeyJob {

        @Override
        @DistributedLock("order:#{#argument}")
        public void run(@Nullable Object argument) {}
    }

    static class TargetClass implements KeyJob {

        @Override
        @DistributedLock(key = "#root.targetClass")
        public void run(@Nullable Object argument) {}
    }

    static class InlineList implements KeyJob {

        @Override
        @DistributedLock(key = "{#argument, #root.target.class}")
        public void run(@Nullable Object argument) {}
    }

    static class AllArguments implements KeyJob {

        @Override
        @DistributedLock(key = "#root.args")
        public void run(@Nullable Object argument) {}
    }

    static class UnitMissing implements KeyJob {

        @Override
        @DistributedLock(leaseTime = "30")
        public void run(@Nullable Object argument) {}
    }

    static class OtherLibrary {

        @Retention(RetentionPolicy.RUNTIME)
        @interface DistributedLock {}
    }

    static class WrongImport implements KeyJob {

        @Override
        @DistributedLock(name = "direct", key = "#argument")
        public void run(@Nullable Object argument) {}

        @OtherLibrary.DistributedLock
        public void other() {}
    }

    static class Parcel {

        private final String number;

        Parcel(String number) {
            this.number = number;
        }

        String text() {
            return "no. " + this.number;
        }
    }

    record Sent(Parcel parcel) {

        String text() {
            return this.parcel.text();
        }
    }

    static class LargeParcel extends Parcel {

        LargeParcel(String number) {
            super(number);
        }
    }

    /** Spring makes objects of it from text, and text by {@code toString()}. */
    static class Named {

        private final String name;

        public Named(String name) {
            this.name = name;
        }

        @Override
        public String toString() {
            return this.name;
        }
    }

    @Configuration(proxyBeanMethods = false)
    static class ConverterBean {

        @Bean
        Converter<Parcel, String> parcelConverter() {
            return Parcel::text;
        }

        @Bean
        Converter<Sent, String> sentConverter() {
            return Sent::text;
        }

        @Bean
        Converter<Instant, String> instantConverter() {
            return instant -> "whenever";
        }
    }

    @Configuration(proxyBeanMethods = false)
    static class DefaultService {

        @Bean
        ConversionService conversionService() {
            DefaultConversionService service = new DefaultConversionService();
            service.addConverter(Parcel.class, String.class, Parcel::text);
            service.addConverter(Sent.class, String.class, Sent::text);
            service.addConverter(Instant.class, String.class, instant -> "whenever");
            return service;
        }
    }

    @Configuration(proxyBeanMethods = false)
    static class WebService {

        @Bean
        ConversionService mvcConversionService() {
            DefaultFormattingConversionService service = new DefaultFormattingConversionService();
            service.addConverter(Parcel.class, String.class, Parcel::text);
            service.addConverter(Sent.class, String.class, Sent::text);
            return service;
        }
    }
}
