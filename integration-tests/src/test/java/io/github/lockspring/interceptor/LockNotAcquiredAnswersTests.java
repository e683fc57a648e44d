package io.github.lockspring.interceptor;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalStateException;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.github.lockspring.AdviceKind;
import io.github.lockspring.LeaseLostException;
import io.github.lockspring.LockException;
import io.github.lockspring.LockFailureHandler;
import io.github.lockspring.LockInterruptedException;
import io.github.lockspring.LockKeyException;
import io.github.lockspring.LockName;
import io.github.lockspring.LockNotAcquiredException;
import io.github.lockspring.LockShutdownException;
import io.github.lockspring.LockStoreException;
import io.github.lockspring.LockStoreException.Outcome;
import java.io.IOException;
import java.lang.reflect.UndeclaredThrowableException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.springframework.boot.test.context.assertj.AssertableApplicationContext;
import org.springframework.boot.test.context.runner.ApplicationContextRunner;
import org.springframework.boot.test.context.runner.ContextConsumer;
import org.springframework.boot.test.system.CapturedOutput;
import org.springframework.boot.test.system.OutputCaptureExtension;
import org.springframework.core.Ordered;

/** What calls do that have not got their lock, through both kinds of proxies and woven. */
@ExtendWith(OutputCaptureExtension.class)
class LockNotAcquiredAnswersTests {

    private static final LockName LOCK = LockName.of("booking");

    private static final LockException CONTENDED = new LockNotAcquiredException(LOCK, Duration.ZERO, null);

    private static final LockException STORE = new LockStoreException(LOCK, "expected", null, Outcome.UNKNOWN);

    private static final LockException SHUTDOWN = new LockShutdownException(LOCK);

    @ParameterizedTest
    @EnumSource
    void throwsByDefault(AdviceKind kind) {
        refused(
                kind,
                CONTENDED,
                bookings -> assertThatThrownBy(() -> bookings.thrown("7")).isSameAs(CONTENDED));
    }

    @ParameterizedTest
    @EnumSource
    void skipsWithNothing(AdviceKind kind, CapturedOutput output) {
        refused(kind, CONTENDED, bookings -> {
            assertThat(bookings.skipped("7")).isNull();
            assertThat(bookings.skippedOptional("7")).isEmpty();
            assertThat(bookings.skippedInt("7")).isEmpty();
            assertThat(bookings.skippedLong("7")).isEmpty();
            assertThat(bookings.skippedDouble("7")).isEmpty();
            bookings.skippedVoid("7");
        });
        assertThat(output).doesNotContain(" WARN ").doesNotContain(" ERROR ");
    }

    @ParameterizedTest
    @EnumSource
    void skipsOnlyUnderContention(AdviceKind kind) {
        for (LockException failure : List.of(STORE, SHUTDOWN, new LockInterruptedException(LOCK))) {
            refused(
                    kind,
                    failure,
                    bookings -> assertThatThrownBy(() -> bookings.skipped("7")).isSameAs(failure));
        }
    }

    @ParameterizedTest
    @EnumSource
    void callsTheFallbackOfTheBeanItself(AdviceKind kind) {
        refused(kind, CONTENDED, bookings -> {
            assertThat(bookings.plainFallback("7")).isEqualTo("instead of 7");
            assertThat(bookings.fallbackForContention("7")).isEqualTo("instead of 7 for booking");
            assertThat(bookings.fallbackForAll("7")).isEqualTo("instead of 7 for LockNotAcquiredException");
            assertThat(bookings.staticFallback("7")).isEqualTo("static, 7");
            assertThat(bookings.inheritedFallback("7")).isEqualTo("inherited, 7");
        });
    }

    @ParameterizedTest
    @EnumSource
    void fallbackTakesPrecedenceOverSkipping(AdviceKind kind) {
        refused(kind, CONTENDED, bookings -> assertThat(bookings.both("7")).isEqualTo("instead of 7"));
    }

    @ParameterizedTest
    @EnumSource
    void typeOfTheParameterDecidesWhatAFallbackAnswers(AdviceKind kind) {
        for (LockException failure : List.of(STORE, SHUTDOWN)) {
            refused(kind, failure, bookings -> {
                assertThatThrownBy(() -> bookings.plainFallback("7")).isSameAs(failure);
                assertThatThrownBy(() -> bookings.fallbackForContention("7")).isSameAs(failure);
                assertThat(bookings.fallbackForAll("7"))
                        .isEqualTo("instead of 7 for " + failure.getClass().getSimpleName());
            });
        }
    }

    @ParameterizedTest
    @EnumSource
    void fallbackAnswersNeitherInterruptionNorWrongKeys(AdviceKind kind) {
        for (LockException failure : List.of(new LockInterruptedException(LOCK), new LockKeyException("expected"))) {
            refused(
                    kind,
                    failure,
                    bookings -> assertThatThrownBy(() -> bookings.fallbackForAll("7"))
                            .isSameAs(failure));
        }
    }

    @ParameterizedTest
    @EnumSource
    void exceptionOfTheFallbackReachesTheCaller(AdviceKind kind) {
        refused(
                kind,
                CONTENDED,
                bookings -> assertThatThrownBy(() -> bookings.fallbackThatFails("7"))
                        .isExactlyInstanceOf(IOException.class)
                        .hasMessage("instead of 7")
                        .hasNoSuppressedExceptions());
    }

    @ParameterizedTest
    @EnumSource
    void answersOnlyForTheLockOfTheMethod(AdviceKind kind) {
        LockFailureHandler handler = (call, failure) -> {
            throw new AssertionError("must not be asked", failure);
        };
        runner(kind).withBean(LockFailureHandler.class, () -> handler).run(context -> {
            Bookings bookings = kind.bean(context, Bookings.class);
            for (LockException ofBody :
                    List.of(CONTENDED, STORE, SHUTDOWN, new LeaseLostException(LOCK, 1, "expected"))) {
                assertThatThrownBy(() -> bookings.failing(ofBody)).isSameAs(ofBody);
                assertThatThrownBy(() -> bookings.skippedFailing(ofBody)).isSameAs(ofBody);
                assertThatThrownBy(() -> bookings.fallbackOfFailing(ofBody)).isSameAs(ofBody);
            }
        });
    }

    @ParameterizedTest
    @EnumSource
    void failureOfANestedLockIsOneOfTheBody(AdviceKind kind) {
        runner(kind).withBean(kind.type(OuterBooking.class)).run(context -> {
            context.getBean(RecordingLocks.class).refuse("booking", CONTENDED);
            assertThatThrownBy(() -> context.getBean(Job.class).run("7")).isSameAs(CONTENDED);
        });
    }

    @ParameterizedTest
    @EnumSource
    void handlerAnswersWithTheCall(AdviceKind kind) {
        List<LockFailureHandler.Call> calls = new ArrayList<>();
        LockFailureHandler handler = (call, failure) -> {
            calls.add(call);
            return failure.getLockName();
        };
        runner(kind)
                .withBean(LockFailureHandler.class, () -> handler)
                .run(refused(kind, STORE).with(bookings -> {
                    assertThat(bookings.thrown("7")).isEqualTo("booking");
                    assertThat(calls).singleElement().satisfies(call -> {
                        assertThat(call.method())
                                .isEqualTo(kind.type(DefaultBookings.class).getMethod("thrown", String.class));
                        assertThat(call.target()).isExactlyInstanceOf(kind.type(DefaultBookings.class));
                        assertThat(call.arguments()).containsExactly("7");
                        assertThat(call.options().lockName().fullName()).isEqualTo("booking:7");
                    });
                }));
    }

    @ParameterizedTest
    @EnumSource
    void handlerIsAskedForWhatTheMethodDoesNotAnswerItself(AdviceKind kind) {
        LockFailureHandler handler = (call, failure) -> "handled";
        runner(kind)
                .withBean(LockFailureHandler.class, () -> handler)
                .run(refused(kind, CONTENDED).with(bookings -> {
                    assertThat(bookings.skipped("7")).isNull();
                    assertThat(bookings.plainFallback("7")).isEqualTo("instead of 7");
                }));
        runner(kind)
                .withBean(LockFailureHandler.class, () -> handler)
                .run(refused(kind, STORE).with(bookings -> {
                    assertThat(bookings.skipped("7")).isEqualTo("handled");
                    assertThat(bookings.plainFallback("7")).isEqualTo("handled");
                }));
        runner(kind).run(refused(kind, STORE).with(bookings -> {
            assertThatThrownBy(() -> bookings.skipped("7")).isSameAs(STORE);
            assertThatThrownBy(() -> bookings.plainFallback("7")).isSameAs(STORE);
        }));
    }

    @ParameterizedTest
    @EnumSource
    void handlersAreAskedInTheirOrder(AdviceKind kind) {
        List<String> asked = new ArrayList<>();
        runner(kind)
                .withBean("last", LockFailureHandler.class, () -> new OrderedHandler(3, asked, failure -> "last"))
                .withBean("first", LockFailureHandler.class, () -> new OrderedHandler(1, asked, OrderedHandler::pass))
                .withBean("second", LockFailureHandler.class, () -> new OrderedHandler(2, asked, failure -> "second"))
                .run(refused(kind, CONTENDED).with(bookings -> {
                    assertThat(bookings.thrown("7")).isEqualTo("second");
                    assertThat(asked).containsExactly("1", "2");
                }));
    }

    @ParameterizedTest
    @EnumSource
    void failureThatAllHandlersPassReachesTheCaller(AdviceKind kind) {
        runner(kind)
                .withBean(
                        "one",
                        LockFailureHandler.class,
                        () -> new OrderedHandler(1, new ArrayList<>(), OrderedHandler::pass))
                .withBean(
                        "two",
                        LockFailureHandler.class,
                        () -> new OrderedHandler(2, new ArrayList<>(), OrderedHandler::pass))
                .run(refused(kind, CONTENDED)
                        .with(bookings ->
                                assertThatThrownBy(() -> bookings.thrown("7")).isSameAs(CONTENDED)));
    }

    @ParameterizedTest
    @EnumSource
    void exceptionOfAHandlerReachesTheCaller(AdviceKind kind) {
        IllegalArgumentException thrown = new IllegalArgumentException("expected");
        LockFailureHandler handler = (call, failure) -> {
            throw thrown;
        };
        runner(kind)
                .withBean(LockFailureHandler.class, () -> handler)
                .run(refused(kind, CONTENDED)
                        .with(bookings ->
                                assertThatThrownBy(() -> bookings.thrown("7")).isSameAs(thrown)));
    }

    /** A proxy wraps a checked exception that the method does not declare. */
    @ParameterizedTest
    @EnumSource(names = "WOVEN", mode = EnumSource.Mode.EXCLUDE)
    void checkedExceptionOfAHandlerReachesTheCallerAsTheMethodDeclaresIt(AdviceKind kind) {
        IOException thrown = new IOException("expected");
        LockFailureHandler handler = (call, failure) -> {
            throw thrown;
        };
        runner(kind)
                .withBean(LockFailureHandler.class, () -> handler)
                .run(refused(kind, STORE).with(bookings -> {
                    assertThatThrownBy(() -> bookings.fallbackThatFails("7")).isSameAs(thrown);
                    assertThatThrownBy(() -> bookings.thrown("7"))
                            .isExactlyInstanceOf(UndeclaredThrowableException.class)
                            .hasCause(thrown);
                }));
    }

    @ParameterizedTest
    @EnumSource
    void refusesAResultOfAHandlerThatDoesNotFit(AdviceKind kind) {
        LockFailureHandler handler = (call, failure) -> call.method().getName().equals("primitive") ? null : 5;
        runner(kind)
                .withBean(LockFailureHandler.class, () -> handler)
                .run(refused(kind, CONTENDED).with(bookings -> {
                    assertMisfit(
                            () -> bookings.thrown("7"),
                            "a value of java.lang.Integer",
                            "thrown(String)",
                            "java.lang.String");
                    assertMisfit(() -> bookings.primitive("7"), "returned null", "primitive(String)", "returns int");
                    assertMisfit(
                            () -> bookings.nothing("7"), "a value of java.lang.Integer", "nothing(String)", "void");
                }));
    }

    @ParameterizedTest
    @EnumSource
    void acceptsAResultOfAHandlerThatFits(AdviceKind kind) {
        LockFailureHandler handler = (call, failure) -> call.method().getName().equals("primitive") ? 5 : null;
        runner(kind)
                .withBean(LockFailureHandler.class, () -> handler)
                .run(refused(kind, CONTENDED).with(bookings -> {
                    assertThat(bookings.primitive("7")).isEqualTo(5);
                    assertThat(bookings.thrown("7")).isNull();
                    bookings.nothing("7");
                }));
    }

    /** As while the application shuts down: what went wrong first is what the caller is told. */
    @ParameterizedTest
    @EnumSource
    void handlerThatCannotBeCreatedDoesNotHideTheFailure(AdviceKind kind) {
        LockException failure = new LockNotAcquiredException(LOCK, Duration.ZERO, null);
        runner(kind)
                .withBean(
                        LockFailureHandler.class,
                        () -> {
                            throw new IllegalStateException("expected");
                        },
                        definition -> definition.setLazyInit(true))
                .run(refused(kind, failure).with(bookings -> {
                    assertThatThrownBy(() -> bookings.thrown("7")).isSameAs(failure);
                    assertThat(failure.getSuppressed()).hasSize(1);
                }));
    }

    private static void assertMisfit(Runnable call, String... message) {
        assertThatIllegalStateException()
                .isThrownBy(call::run)
                .withMessageContainingAll(message)
                .withMessageContainingAll("LockFailureHandler", "throw the given failure to let it pass")
                .withCause(CONTENDED);
    }

    private static ApplicationContextRunner runner(AdviceKind kind) {
        return LockingConfiguration.runner(kind).withBean(kind.type(DefaultBookings.class));
    }

    private static void refused(AdviceKind kind, LockException failure, Calls calls) {
        runner(kind).run(refused(kind, failure).with(calls));
    }

    private static Refusal refused(AdviceKind kind, LockException failure) {
        return new Refusal(kind, failure);
    }

    private interface Calls {

        void make(Bookings bookings) throws Exception;
    }

    private record Refusal(AdviceKind kind, LockException failure) {

        ContextConsumer<AssertableApplicationContext> with(Calls calls) {
            return context -> {
                RecordingLocks locks = context.getBean(RecordingLocks.class);
                locks.refuse("booking", this.failure);
                calls.make(this.kind.bean(context, Bookings.class));
                assertThat(locks.locked()).isEmpty();
            };
        }
    }

    private record OrderedHandler(int order, List<String> asked, Function<LockException, Object> answer)
            implements LockFailureHandler, Ordered {

        static Object pass(LockException failure) {
            throw failure;
        }

        @Override
        public int getOrder() {
            return this.order;
        }

        @Override
        public @Nullable Object handle(Call call, LockException failure) {
            this.asked.add(String.valueOf(this.order));
            return this.answer.apply(failure);
        }
    }
}
