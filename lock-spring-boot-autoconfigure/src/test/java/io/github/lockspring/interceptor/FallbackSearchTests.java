package io.github.lockspring.interceptor;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.lockspring.LockException;
import io.github.lockspring.LockLease;
import io.github.lockspring.LockNotAcquiredException;
import io.github.lockspring.annotation.DistributedLock;
import io.github.lockspring.annotation.NotLocked;
import java.io.IOException;
import java.util.Collection;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import org.springframework.aop.framework.ProxyFactory;

class FallbackSearchTests {

    @ParameterizedTest
    @CsvSource({
        "ofPrivate, Base.ofBase",
        "ofProtected, Base.replaced",
        "ofStatic, Base.statically",
        "narrower, Base.list",
        "byProperty, Base.ofBase",
        "withLease, Base.lease",
        "throwing, Base.fails",
        "boxed, Base.number"
    })
    void findsAMethodOfTheClass(String locked, String expected) {
        assertThat(found(Base.class, locked)).isEqualTo(expected);
    }

    @ParameterizedTest
    @CsvSource({
        // private methods are those of the class that declares the locked method
        "ofPrivate, Base.ofBase",
        // others can be overridden
        "ofProtected, Heir.replaced",
        "generic, Generic.typed",
        "ofInterface, WithDefault.byDefault"
    })
    void findsWhatIsInherited(String locked, String expected) {
        assertThat(found(Heir.class, locked)).isEqualTo(expected);
    }

    @Test
    void overloadOfTheSameNameIsNotTheMethodItself() throws NoSuchMethodException {
        LockOperation operation = new LockOperationSource(text -> text)
                .operation(Base.class.getDeclaredMethod("overload", String.class), Base.class);
        assertThat(operation).isNotNull();
        assertThat(operation.fallback()).isNotNull();
        assertThat(operation.fallback().method().getParameterTypes()[1]).isEqualTo(LockNotAcquiredException.class);
    }

    @Test
    void findsThePrivateMethodBesideTheAnnotation() {
        assertThat(found(Overriding.class, "ofPrivate")).isEqualTo("Base.ofBase");
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "${none:}", " "})
    void blankNameIsNone(String written) {
        LockDeclaration declaration =
                ParsedLocks.operation(Base.class, "ofPrivate").declaration();
        LockAttributes attributes = new LockAttributes(declaration, text -> text.startsWith("$") ? "" : text);
        assertThat(new FallbackSearch(attributes).find(written)).isNull();
        assertThat(attributes.areWrong()).isFalse();
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "unknown | no method unknown of",
                "ofStatic | fits, but there are String instance(String). Declare static String instance(String), or",
                "wider | fits, but there are Collection collection(). Declare List collection(), or",
                "widening | fits, but there are int narrow(). Declare long narrow(), or",
                "exceptions | fits, but there are void broader() throws Exception. Declare void broader(), or",
                "exceptions | throwing no more than IOException",
                "ofNothing | fits, but there are Object something(). Declare void something(), or",
                "ofSomething | fits, but there are void nothing(). Declare Object nothing(), or",
                "hidden | no method hidden of",
                "itself | no method itself of",
                "ambiguous | several methods fit: void two(), void two(LockException). Keep one of them",
                "lockedFallback | void locked() is locked itself, but a fallback runs without lock",
            })
    void refusesWhatDoesNotFit(String locked, String message) {
        assertThat(ParsedLocks.problem(Wrong.class, locked).toString()).contains(message);
    }

    @ParameterizedTest
    @CsvSource({"ofPrivate, false, true", "contended, false, true", "all, true, true"})
    void answersByTheTypeOfItsParameter(String locked, boolean store, boolean contended) {
        Fallback fallback = ParsedLocks.operation(Answering.class, locked).fallback();
        assertThat(fallback).isNotNull();
        assertThat(fallback.answers(LockFailuresTests.STORE)).isEqualTo(store);
        assertThat(fallback.answers(LockFailuresTests.SHUTDOWN)).isEqualTo(store);
        assertThat(fallback.answers(LockFailuresTests.CONTENDED)).isEqualTo(contended);
    }

    /** Another proxy between the one that locks and the bean has none of its fields. */
    @Test
    void isCalledOnTheBeanBehindAllProxies() throws Throwable {
        ProxyFactory factory = new ProxyFactory(new WithField());
        factory.setProxyTargetClass(true);
        Fallback fallback = ParsedLocks.operation(WithField.class, "run").fallback();
        assertThat(fallback).isNotNull();
        assertThat(fallback.call(factory.getProxy(), new Object[0], LockFailuresTests.CONTENDED))
                .isEqualTo("set");
    }

    private static String found(Class<?> type, String locked) {
        Fallback fallback = ParsedLocks.operation(type, locked).fallback();
        assertThat(fallback).isNotNull();
        return fallback.method().getDeclaringClass().getSimpleName() + "."
                + fallback.method().getName();
    }

    static class Generic<T> {

        void typed(T value) {}
    }

    interface WithDefault {

        default void byDefault() {}
    }

    static class Base extends Generic<String> {

        @DistributedLock(fallback = "ofBase")
        String ofPrivate(String id) {
            return id;
        }

        private String ofBase(String id) {
            return id;
        }

        @DistributedLock(fallback = "replaced")
        void ofProtected() {}

        protected void replaced() {}

        @DistributedLock(fallback = "statically")
        void ofStatic() {}

        private static void statically() {}

        @DistributedLock(name = "overload", fallback = "overload")
        void overload(String id) {}

        @NotLocked
        void overload(String id, LockNotAcquiredException failure) {}

        @DistributedLock(fallback = "list")
        Collection<String> narrower() {
            return List.of();
        }

        List<String> list() {
            return List.of();
        }

        @DistributedLock(fallback = "${no.such.fallback:ofBase}")
        String byProperty(String id) {
            return id;
        }

        @DistributedLock(fallback = "lease")
        void withLease(@Nullable LockLease lease) {}

        void lease(@Nullable LockLease lease, LockException failure) {}

        @DistributedLock(fallback = "fails")
        void throwing() throws Exception {}

        void fails() throws IOException {}

        @DistributedLock(fallback = "number")
        Integer boxed() {
            return 1;
        }

        int number() {
            return 1;
        }
    }

    static class Heir extends Base implements WithDefault {

        @Override
        protected void replaced() {}

        @DistributedLock(fallback = "typed")
        void generic(String value) {}

        @DistributedLock(fallback = "byDefault")
        void ofInterface() {}
    }

    static class Overriding extends Base {

        @Override
        String ofPrivate(String id) {
            return id;
        }
    }

    static class Answering {

        @DistributedLock(fallback = "none")
        void ofPrivate() {}

        private void none() {}

        @DistributedLock(fallback = "ofContention")
        void contended() {}

        private void ofContention(LockNotAcquiredException failure) {}

        @DistributedLock(fallback = "ofAll")
        void all() {}

        private void ofAll(LockException failure) {}
    }

    static class WithField {

        private final String field = new String("set");

        @DistributedLock(fallback = "instead")
        String run() {
            return this.field;
        }

        private String instead() {
            return this.field;
        }
    }

    static class Hiding {

        private void hidden() {}
    }

    static class Wrong extends Hiding {

        @DistributedLock(fallback = "unknown")
        void unknown() {}

        @DistributedLock(fallback = "instance")
        static String ofStatic(String id) {
            return id;
        }

        String instance(String id) {
            return id;
        }

        @DistributedLock(fallback = "collection")
        List<String> wider() {
            return List.of();
        }

        Collection<String> collection() {
            return List.of();
        }

        @DistributedLock(fallback = "narrow")
        long widening() {
            return 1;
        }

        int narrow() {
            return 1;
        }

        @DistributedLock(fallback = "broader")
        void exceptions() throws IOException {}

        void broader() throws Exception {}

        @DistributedLock(fallback = "something")
        void ofNothing() {}

        Object something() {
            return 1;
        }

        @DistributedLock(fallback = "nothing")
        Object ofSomething() {
            return 1;
        }

        void nothing() {}

        @DistributedLock(fallback = "hidden")
        void hidden() {}

        @DistributedLock(fallback = "itself")
        void itself() {}

        @DistributedLock(fallback = "two")
        void ambiguous() {}

        void two() {}

        void two(LockException failure) {}

        @DistributedLock(fallback = "locked")
        void lockedFallback() {}

        @DistributedLock
        void locked() {}
    }
}
