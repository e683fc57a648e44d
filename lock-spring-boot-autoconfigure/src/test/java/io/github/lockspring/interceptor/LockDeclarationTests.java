package io.github.lockspring.interceptor;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.lockspring.annotation.DistributedLock;
import io.github.lockspring.annotation.NotLocked;
import java.lang.annotation.Retention;
import java.lang.annotation.RetentionPolicy;
import java.lang.reflect.Method;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.springframework.core.annotation.AliasFor;
import org.springframework.util.ReflectionUtils;

class LockDeclarationTests {

    @Test
    void findsAnnotationOfTheMethod() {
        assertThat(nameOf(Plain.class, "annotated")).isEqualTo("method");
    }

    @Test
    void findsNothingWhereNothingIs() {
        assertThat(find(Plain.class, Plain.class, "free")).isNull();
        assertThat(find(Object.class, OfClass.class, "wait")).isNull();
    }

    @Test
    void findsAnnotationOfTheClass() {
        assertThat(nameOf(OfClass.class, "open")).isEqualTo("class");
        assertThat(nameOf(OfClass.class, "packageVisible")).isEqualTo("class");
    }

    @Test
    void prefersTheMethodToTheClass() {
        assertThat(nameOf(OfClass.class, "own")).isEqualTo("own");
    }

    @Test
    void ignoresMethodsThatCannotBeCalledFromOutsideForAClassAnnotation() {
        assertThat(find(OfClass.class, OfClass.class, "hidden")).isNull();
        assertThat(find(OfClass.class, OfClass.class, "utility")).isNull();
        assertThat(find(OfClass.class, OfClass.class, "toString")).isNull();
    }

    @Test
    void takesTheMethodToMeanItEvenIfPrivate() {
        assertThat(nameOf(Plain.class, "hidden")).isEqualTo("private");
    }

    @Test
    void nearestOfBothAnnotationsCounts() {
        assertThat(find(Excluding.class, Excluding.class, "excluded")).isNull();
        assertThat(nameOf(Excluding.class, "included")).isEqualTo("excluding");
        assertThat(find(Excluding.class, ExcludingHeir.class, "included")).isNull();
        assertThat(nameOf(ExcludingHeir.class, "excluded")).isEqualTo("again");
    }

    @Test
    void classBelowAnExcludedMethodIsNearerIfItOverridesTheMethod() {
        assertThat(find(Excluding.class, LockedHeir.class, "excluded"))
                .extracting(found -> found.annotation().getString("name"))
                .isEqualTo("locked");
        assertThat(nameOf(HeirOfLockedHeir.class, "excluded")).isEqualTo("locked");
        assertThat(nameOf(LockedImplementation.class, "free")).isEqualTo("locked implementation");
        assertThat(nameOf(LockedGrandchild.class, "excluded")).isEqualTo("grandchild");
        assertThat(find(Excluding.class, InheritingHeir.class, "excluded")).isNull();
        assertThat(find(Excluding.class, UnlockedHeir.class, "excluded")).isNull();
    }

    @Test
    void methodOfAnUnknownInterfaceCanBeExcluded() {
        assertThat(nameOf(UnknowingHeir.class, "work")).isEqualTo("unknown interface");
        assertThat(find(UnknowingHeir.class, UnknowingHeir.class, "free")).isNull();
        assertThat(find(UnknownInterface.class, UnknowingHeir.class, "free")).isNull();
    }

    @Test
    void findsAnnotationOfAnInterfaceMethod() {
        assertThat(nameOf(Implementation.class, "declared")).isEqualTo("interface method");
        assertThat(find(Api.class, Implementation.class, "declared")).isNotNull();
    }

    @Test
    void findsAnnotationOfAnInterface() {
        assertThat(nameOf(Implementation.class, "other")).isEqualTo("interface");
    }

    @Test
    void findsAnnotationOfADefaultMethod() {
        assertThat(find(Api.class, Implementation.class, "byDefault"))
                .extracting(found -> found.annotation().getString("name"), LockDeclaration::toString)
                .containsExactly("default method", Implementation.class.getName() + ".byDefault()");
    }

    @Test
    void findsAnnotationOfTheClassForACallThroughTheInterface() {
        assertThat(find(Free.class, OfMethod.class, "call"))
                .extracting(found -> found.annotation().getString("name"))
                .isEqualTo("implementation");
    }

    @Test
    void findsMetaAnnotationWithItsAliases() {
        LockDeclaration found = find(Plain.class, Plain.class, "meta");
        assertThat(found).isNotNull();
        assertThat(found.annotation().getString("name")).isEqualTo("order");
        assertThat(found.annotation().getStringArray("key")).containsExactly("#id");
    }

    @Test
    void findsAnnotationOfTheOverriddenMethod() {
        assertThat(nameOf(Overriding.class, "annotated")).isEqualTo("method");
        assertThat(nameOf(Overriding.class, "hidden")).isEqualTo("private");
    }

    @Test
    void prefersTheOverridingMethod() {
        assertThat(nameOf(Overriding.class, "meta")).isEqualTo("overriding");
    }

    @Test
    void doesNotTakeASubclassToMeanWhatItInherits() {
        assertThat(find(Plain.class, AnnotatedSubclass.class, "free")).isNull();
        assertThat(nameOf(AnnotatedSubclass.class, "added")).isEqualTo("subclass");
    }

    @Test
    void inheritsAnnotationOfTheSuperclass() {
        assertThat(nameOf(Inheriting.class, "open")).isEqualTo("class");
        assertThat(nameOf(Inheriting.class, "added")).isEqualTo("class");
    }

    @Test
    void findsGenericMethods() {
        LockDeclaration found = find(Handler.class, OrderHandler.class, "handle");
        assertThat(found).isNotNull();
        assertThat(found.method().getParameterTypes()).containsExactly(String.class);
    }

    @Test
    void findsTheInterfaceThatTheSuperClassOfABodyDoesNotKnow() {
        assertThat(nameOf(Adopted.class, "declared")).isEqualTo("interface method");
        assertThat(nameOf(Adopted.class, "other")).isEqualTo("interface");
        assertThat(nameOf(GenericAdopted.class, "handle")).isEqualTo("handler");
        assertThat(find(Foster.class, Adopted.class, "own")).isNull();
    }

    @Test
    void prefersTheClassOfABodyToAnInterfaceThatItDoesNotKnow() {
        assertThat(nameOf(AnnotatedAdopted.class, "other")).isEqualTo("foster class");
    }

    @Test
    void prefersAnInterfaceMethodToAnInterface() {
        assertThat(nameOf(TwiceAdopted.class, "declared")).isEqualTo("interface method");
        assertThat(find(Unnamed.class, TwiceAdopted.class, "declared"))
                .extracting(found -> found.annotation().getString("name"))
                .isEqualTo("interface method");
    }

    @Test
    void takesADefaultMethodToBeDeclaredByTheClass() {
        assertThat(find(WithDefault.class, ClassWithDefault.class, "inherited"))
                .extracting(found -> found.annotation().getString("name"), LockDeclaration::toString)
                .containsExactly("class with default", ClassWithDefault.class.getName() + ".inherited()");
    }

    @Test
    void namesClassMethodAndParameterTypes() {
        assertThat(find(Plain.class, Overriding.class, "annotated"))
                .hasToString(Overriding.class.getName() + ".annotated(String, int[])");
    }

    private static String nameOf(Class<?> type, String method) {
        LockDeclaration found = find(type, type, method);
        assertThat(found).as("lock of %s.%s", type, method).isNotNull();
        return found.annotation().getString("name");
    }

    private static @Nullable LockDeclaration find(Class<?> called, Class<?> target, String name) {
        Method method = ReflectionUtils.findMethod(called, name, (Class<?>[]) null);
        assertThat(method).as(name).isNotNull();
        return LockDeclaration.find(method, target);
    }

    @DistributedLock(name = "order")
    @Retention(RetentionPolicy.RUNTIME)
    @interface OrderLock {

        @AliasFor(annotation = DistributedLock.class, attribute = "key")
        String[] value();
    }

    @DistributedLock("excluding")
    static class Excluding {

        @NotLocked
        void excluded() {}

        void included() {}
    }

    static class ExcludingHeir extends Excluding {

        @Override
        @DistributedLock("again")
        void excluded() {}

        @Override
        @NotLocked
        void included() {}
    }

    @DistributedLock("locked")
    static class LockedHeir extends Excluding {

        @Override
        void excluded() {}
    }

    static class HeirOfLockedHeir extends LockedHeir {

        @Override
        void excluded() {}
    }

    /** Its method is that of the super class. */
    @DistributedLock("inheriting")
    static class InheritingHeir extends Excluding {}

    static class UnlockedHeir extends Excluding {

        @Override
        void excluded() {}
    }

    static class ExcludedAgain extends ExcludingHeir {

        @Override
        @NotLocked
        void excluded() {}
    }

    /** Not the lock of a method above the one that is excluded. */
    @DistributedLock("grandchild")
    static class LockedGrandchild extends ExcludedAgain {

        @Override
        void excluded() {}
    }

    @DistributedLock("locked implementation")
    static class LockedImplementation implements UnknownInterface {

        @Override
        public void work() {}

        @Override
        public void free() {}
    }

    static class Unknowing {

        public void work() {}

        public void free() {}
    }

    @DistributedLock("unknown interface")
    interface UnknownInterface {

        void work();

        @NotLocked
        void free();
    }

    static class UnknowingHeir extends Unknowing implements UnknownInterface {}

    static class Plain {

        @DistributedLock("method")
        void annotated(String text, int[] numbers) {}

        void free() {}

        @DistributedLock("private")
        private void hidden() {}

        @OrderLock("#id")
        void meta(String id) {}
    }

    static class Overriding extends Plain {

        @Override
        void annotated(String text, int[] numbers) {}

        @Override
        @DistributedLock("overriding")
        void meta(String id) {}
    }

    @DistributedLock("subclass")
    static class AnnotatedSubclass extends Plain {

        void added() {}
    }

    @DistributedLock("class")
    static class OfClass {

        public void open() {}

        void packageVisible() {}

        @DistributedLock("own")
        public void own() {}

        private void hidden() {}

        static void utility() {}

        @Override
        public String toString() {
            return "text";
        }
    }

    static class Inheriting extends OfClass {

        void added() {}
    }

    @DistributedLock("interface")
    interface Api {

        @DistributedLock("interface method")
        void declared();

        void other();

        @DistributedLock("default method")
        default void byDefault() {}
    }

    static class Implementation implements Api {

        @Override
        public void declared() {}

        @Override
        public void other() {}
    }

    interface Free {

        void call();
    }

    static class OfMethod implements Free {

        @Override
        @DistributedLock("implementation")
        public void call() {}
    }

    interface Handler<T> {

        @DistributedLock("handler")
        void handle(T event);
    }

    static class OrderHandler implements Handler<String> {

        @Override
        public void handle(String event) {}
    }

    static class Foster {

        public void declared() {}

        public void other() {}

        public void own() {}

        public void handle(String event) {}
    }

    static class Adopted extends Foster implements Api {}

    static class GenericAdopted extends Foster implements Handler<String> {}

    @DistributedLock("foster class")
    static class AnnotatedFoster {

        public void declared() {}

        public void other() {}
    }

    static class AnnotatedAdopted extends AnnotatedFoster implements Api {}

    @DistributedLock("unnamed")
    interface Unnamed {

        void declared();
    }

    static class TwiceAdopted extends Foster implements Unnamed, Api {}

    interface WithDefault {

        default void inherited() {}
    }

    @DistributedLock("class with default")
    static class ClassWithDefault implements WithDefault {}
}
