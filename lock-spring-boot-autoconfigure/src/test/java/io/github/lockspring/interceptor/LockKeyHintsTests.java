package io.github.lockspring.interceptor;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import io.github.lockspring.annotation.DistributedLock;
import java.lang.reflect.Method;
import java.util.List;
import java.util.Map;
import net.bytebuddy.ByteBuddy;
import net.bytebuddy.description.modifier.Visibility;
import net.bytebuddy.description.type.TypeDescription;
import net.bytebuddy.dynamic.scaffold.InstrumentedType;
import net.bytebuddy.dynamic.scaffold.TypeValidation;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.springframework.aot.hint.RuntimeHints;
import org.springframework.aot.hint.TypeReference;
import org.springframework.aot.hint.predicate.RuntimeHintsPredicates;
import org.springframework.beans.factory.support.DefaultListableBeanFactory;
import org.springframework.beans.factory.support.RootBeanDefinition;
import org.springframework.util.ReflectionUtils;

/** What a native image is told that expressions read. */
class LockKeyHintsTests {

    private final RuntimeHints hints = new RuntimeHints();

    private final DefaultListableBeanFactory beans = new DefaultListableBeanFactory();

    @ParameterizedTest
    @ValueSource(strings = {"enumConstant", "comparable", "raw", "mutual"})
    void endAtATypeThatIsBoundedByItself(String method) {
        register(SelfBounded.class, method);

        assertThat(this.hints.reflection().typeHints()).isNotEmpty();
    }

    @Test
    void reachBothOfTwoTypesThatDifferInTheirArguments() {
        register(Calls.class, "twoLists");

        assertReadable(Order.class);
        assertReadable(Customer.class);
    }

    @Test
    void reachElementsOfArrays() {
        register(Calls.class, "array");

        assertReadable(Order.class);
    }

    @ParameterizedTest
    @ValueSource(strings = {"ofParameter", "ofBean", "ofType", "ofField", "ofCollection"})
    void reachWhatACallWithArgumentsReturns(String method) {
        this.beans.registerBeanDefinition("finder", new RootBeanDefinition(Finder.class));

        register(Calls.class, method);

        assertReadable(Order.class);
    }

    @Test
    void reachPropertiesBehindAnIndex() {
        register(Calls.class, "behindAnIndex");

        assertReadable(Customer.class);
    }

    @Test
    void reachWhatAllCallsOfThatNameReturn() {
        register(Calls.class, "overloaded");

        assertReadable(Order.class);
        assertReadable(Customer.class);
    }

    @Test
    void reachWhatFollowsACall() {
        register(Calls.class, "chain");

        assertReadable(Order.class);
        assertReadable(Customer.class);
    }

    @Test
    void leaveOutWhatIsNotRead() {
        register(Calls.class, "otherCall");

        assertThat(this.hints.reflection().getTypeHint(Order.class)).isNull();
    }

    /** As a container of modules has it; its classes may mention others that are not there. */
    @Test
    void findATypeByTheLoaderOfBeans() {
        Class<?> type = new ByteBuddy()
                .with(TypeValidation.DISABLED)
                .subclass(Object.class)
                .name("other.Keys")
                .defineField(
                        "missing",
                        InstrumentedType.Default.of("not.There", TypeDescription.Generic.OBJECT, Visibility.PUBLIC),
                        Visibility.PUBLIC)
                .make()
                .load(getClass().getClassLoader())
                .getLoaded();
        assertThatExceptionOfType(NoClassDefFoundError.class).isThrownBy(type::getFields);
        this.beans.setBeanClassLoader(type.getClassLoader());

        register(Calls.class, "ofOtherLoader");

        assertThat(this.hints.reflection().getTypeHint(TypeReference.of("other.Keys")))
                .isNotNull();
    }

    private void register(Class<?> type, String method) {
        new LockKeyHints(this.hints.reflection(), this.beans).register(ParsedLocks.operation(type, method));
    }

    private void assertReadable(Class<?> type) {
        Method getter = ReflectionUtils.findMethod(type, "code");
        assertThat(getter).isNotNull();
        assertThat(this.hints)
                .as("%s", type)
                .matches(RuntimeHintsPredicates.reflection().onMethod(getter).invoke());
    }

    static class SelfBounded {

        @DistributedLock(key = "#kind")
        public <E extends Enum<E>> void enumConstant(E kind) {}

        @DistributedLock(key = "#id")
        public <T extends Comparable<T>> void comparable(T id) {}

        @DistributedLock(key = "#node.id")
        @SuppressWarnings("rawtypes")
        public void raw(Node node) {}

        @DistributedLock(key = "#left.id")
        @SuppressWarnings("rawtypes")
        public void mutual(Left left) {}
    }

    static class Node<T extends Node<T>> {

        public long getId() {
            return 1;
        }
    }

    @SuppressWarnings("rawtypes")
    static class Left<R extends Right> {

        public long getId() {
            return 1;
        }
    }

    @SuppressWarnings("rawtypes")
    static class Right<L extends Left> {}

    static class Calls {

        @DistributedLock(key = "#orders[0].code + #customers[0].code")
        public void twoLists(List<Order> orders, List<Customer> customers) {}

        @DistributedLock(key = "#orders[0].code")
        public void array(Order[] orders) {}

        @DistributedLock(key = "#parcels[0].receiver.code")
        public void behindAnIndex(List<Parcel> parcels) {}

        @DistributedLock(key = "#finder.find(#id).code")
        public void ofParameter(Finder finder, String id) {}

        @DistributedLock(key = "@finder.find(#id).code")
        public void ofBean(String id) {}

        @DistributedLock(key = "T(io.github.lockspring.interceptor.LockKeyHintsTests$Orders).of(#id).code")
        public void ofType(String id) {}

        @DistributedLock(key = "T(io.github.lockspring.interceptor.LockKeyHintsTests$Orders).FIRST.code")
        public void ofField(String id) {}

        @DistributedLock(key = "#finder.all(#id)['1'].code")
        public void ofCollection(Finder finder, String id) {}

        @DistributedLock(key = "#finder.either(#id).code")
        public void overloaded(Finder finder, String id) {}

        @DistributedLock(key = "#finder.find(#id).customer(#id).code")
        public void chain(Finder finder, String id) {}

        @DistributedLock(key = "#finder.name(#id)")
        public void otherCall(Finder finder, String id) {}

        @DistributedLock(key = "T(other.Keys).toString()")
        public void ofOtherLoader() {}
    }

    static class Finder {

        public Order find(String id) {
            return new Order(id);
        }

        public Map<String, Order> all(String id) {
            return Map.of(id, new Order(id));
        }

        public Order either(String id) {
            return new Order(id);
        }

        public Customer either(long id) {
            return new Customer(Long.toString(id));
        }

        public String name(String id) {
            return id;
        }
    }

    static class Orders {

        public static final Order FIRST = new Order("1");

        public static Order of(String id) {
            return new Order(id);
        }
    }

    record Order(String code) {

        public Customer customer(String id) {
            return new Customer(id);
        }
    }

    record Customer(String code) {}

    static class Parcel {

        public Customer getReceiver() {
            return new Customer("1");
        }
    }
}
