package io.github.lockspring.interceptor;

import static io.github.lockspring.interceptor.ParsedLocks.problem;
import static io.github.lockspring.interceptor.ParsedLocks.problems;
import static org.assertj.core.api.Assertions.assertThat;

import io.github.lockspring.annotation.DistributedLock;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class LockKeyCheckTests {

    @ParameterizedTest
    @ValueSource(
            strings = {
                "byName",
                "byPosition",
                "nested",
                "root",
                "call",
                "bean",
                "literal",
                "type",
                "projection",
                "selection",
                "index",
                "property",
                "several",
                "conditional",
                "map",
                "optionalValue",
                "optionalState",
                "elementOfMap",
                "elementOfList",
                "lengthOfArray",
                "propertyOfInterface",
                "propertyOfClass",
                "propertyOfObject",
                "componentOfRecord",
                "fieldOfFinalClass",
                "getterOfFinalClass",
                "inheritedByFinalClass",
                "classAsParameter",
                "boundTypeVariable",
                "primitive",
                "targetClass",
                "namesAtTheirPositions",
                "positionWithoutParameter",
                "elvis",
                "sum",
                "selectFirst",
                "containerAsArgument"
            })
    void acceptsWhatCanBeEvaluated(String method) {
        assertThat(problems(Good.class, method)).isEmpty();
    }

    @Test
    void refusesAnUnknownVariable() {
        assertThat(problem(Wrong.class, "unknown"))
                .hasToString("@DistributedLock(key = \"#oder.id\") on " + Wrong.class.getName()
                        + ".unknown(String, int): unknown variable #oder. Use #order, #amount, #p0 to #p1, #root or"
                        + " @beans");
    }

    @ParameterizedTest
    @ValueSource(strings = {"inArgument", "inIndex", "inSelection", "inTernary", "function", "nullSafe"})
    void findsUnknownVariablesAnywhere(String method) {
        assertThat(problem(Wrong.class, method).description()).isEqualTo("unknown variable #other");
    }

    @Test
    void refusesAPositionWithoutParameter() {
        assertThat(problem(Wrong.class, "position").toString()).contains("unknown variable #p1", "Use #id, #p0, #root");
    }

    @Test
    void saysThatThereAreNoParameters() {
        assertThat(problem(Wrong.class, "noParameters").action()).startsWith("The method has no parameters");
    }

    @Test
    void refusesAParameterWithoutHash() {
        assertThat(problem(Wrong.class, "noHash"))
                .extracting(LockAnnotationProblem::attribute, LockAnnotationProblem::action)
                .containsExactly("key = \"order.length()\"", "Write #order");
    }

    @Test
    void refusesTextWithoutQuotes() {
        assertThat(problem(Wrong.class, "noQuotes").toString())
                .contains("'nightly' is a property of the call itself", "literal text must be quoted: 'nightly'");
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "list | #ids is a container | one of its elements",
                "array | #ids is a container | one of its elements",
                "varargs | #ids is a container | one of its elements",
                "optional | #id is a container | one of its elements",
                "arguments | #root.args is a container | one of its elements",
                "getter | #order.lines is a container | one of its elements",
                "accessor | #order.lines() is a container | one of its elements",
                "ofTypeVariable | #order is a container | one of its elements",
                "joined | #ids is a container | one of its elements",
                "branch | #ids is a container | one of its elements",
                "alternative | #ids is a container | one of its elements",
                "preferred | #ids is a container | one of its elements",
                "iterable | #ids is a container | one of its elements",
                "inlineList | {#a,#b} is a container | key = {\"#a\", \"#b\"}",
                "inlineMap | {a:#a} is a container | one of its elements",
                "ofRecord | 'ide' in #item.ide is not a property of | Correct the name",
                "ofFinalClass | 'naem' in #order.naem is not a property of | Correct the name",
                "nullSafeOfRecord | 'ide' in | Correct the name",
                "deeper | 'ide' in #order.item.ide is not a property of | Correct the name",
                "ofArgument | 'ide' in #item.ide is not a property of | Correct the name",
                "ofOptional | 'id' in #id.id is not a property of java.util.Optional | Correct the name",
                "ofPrimitive | 'value' in #id.value is not a property of java.lang.Integer | Correct the name",
                "ofArray | 'size' in #ids.size is not a property of java.lang.String[] | Correct the name",
                "ofRoot | #root has no targetClass, only method, target and args | #root.target.class"
            })
    void refusesWhatDeclaredTypesShow(String method, String description, String action) {
        assertThat(problem(Shown.class, method).description()).contains(description);
        assertThat(problem(Shown.class, method).action()).contains(action);
    }

    @ParameterizedTest
    @ValueSource(strings = {"shifted", "swapped"})
    void refusesParametersNamedLikeThePositionOfAnother(String method) {
        assertThat(problems(Ambiguous.class, method)).isNotEmpty().allSatisfy(problem -> {
            assertThat(problem.description()).contains("is ambiguous: parameter ", " is named ", "by position");
            assertThat(problem.action()).startsWith("Rename the parameter, or write #root.args[");
        });
    }

    @Test
    void saysWhichParameterIsCalledLikeWhichPosition() {
        assertThat(problem(Ambiguous.class, "shifted"))
                .hasToString("@DistributedLock(key = \"#p1\") on " + Ambiguous.class.getName()
                        + ".shifted(String, String): #p1 is ambiguous: parameter 0 is named p1, and #p1 is parameter 1"
                        + " by position, starting at 0. Rename the parameter, or write #root.args[0] or #root.args[1]");
    }

    @Test
    void readsPositionsOfTheAnnotatedMethodNotOfTheImplementation() {
        assertThat(problems(MisnamedImplementation.class, "call")).isEmpty();
    }

    @Test
    void refusesNamesThatAreMissingFromTheClassFile() {
        Class<?> type = WithoutParameterNames.of(Compiled.class);

        assertThat(problem(type, "byName").toString())
                .contains(
                        "key = \"#order?.length()\"",
                        Compiled.class.getName() + ".byName(String)",
                        "missing from the class file",
                        "Compile with -parameters",
                        "#p0");
        assertThat(problems(type, "byPosition")).isEmpty();
    }

    @Test
    void knowsTheNamesBesideTheAnnotation() {
        assertThat(problems(Implementation.class, "call")).isEmpty();
        assertThat(ParsedLocks.operation(Implementation.class, "call")
                        .parameters()
                        .indexOf("first"))
                .isZero();
    }

    interface View {

        Object getId();

        List<String> getLines();
    }

    record Item(String id, List<String> lines) {}

    static class Base {

        public String getInherited() {
            return "inherited";
        }
    }

    static final class Order extends Base {

        public final String name = "name";

        public Item getItem() {
            return new Item("1", List.of());
        }

        public boolean isPaid() {
            return true;
        }
    }

    abstract static class Typed<T extends View> {

        @DistributedLock(key = "#order.id")
        void boundTypeVariable(T order) {}
    }

    static class Good extends Typed<View> {

        @DistributedLock(key = "#id.get()")
        void optionalValue(Optional<String> id) {}

        @DistributedLock(key = "#id.present")
        void optionalState(Optional<String> id) {}

        @DistributedLock(key = "#ids['x']")
        void elementOfMap(Map<String, String> ids) {}

        @DistributedLock(key = {"#ids[0]", "#ids.get(0)"})
        void elementOfList(List<String> ids) {}

        @DistributedLock(key = "#ids.length")
        void lengthOfArray(String[] ids) {}

        @DistributedLock(key = {"#view.id", "#view.other", "#view.id.whatever"})
        void propertyOfInterface(View view) {}

        @DistributedLock(key = "#base.ofSubclass")
        void propertyOfClass(Base base) {}

        @DistributedLock(key = "#object.id")
        void propertyOfObject(Object object) {}

        @DistributedLock(key = {"#item.id", "#item.id()", "#item?.id.length()", "#item.lines[0]"})
        void componentOfRecord(Item item) {}

        @DistributedLock(key = "#order.name.bytes.length")
        void fieldOfFinalClass(Order order) {}

        @DistributedLock(key = {"#order.item.id", "#order.paid"})
        void getterOfFinalClass(Order order) {}

        @DistributedLock(key = "#order.inherited")
        void inheritedByFinalClass(Order order) {}

        @DistributedLock(key = {"#type.name", "#type.ofItsOwn", "#type"})
        void classAsParameter(Class<?> type) {}

        @DistributedLock(key = {"#id", "#id + 1"})
        void primitive(int id) {}

        @DistributedLock(key = {"#root.target.class", "#root.class.name", "#root.method.declaringClass.name"})
        void targetClass() {}

        @DistributedLock(key = {"#p0", "#a1", "#p1"})
        void namesAtTheirPositions(String p0, String a1) {}

        @DistributedLock(key = "#p7")
        void positionWithoutParameter(String p7) {}

        @DistributedLock(key = "#ids ?: 'none'")
        void elvis(Optional<String> ids) {}

        @DistributedLock(key = "#ids.size() + #id + 1")
        void sum(List<String> ids, int id) {}

        @DistributedLock(key = "#ids.^[length() > 1]")
        void selectFirst(List<String> ids) {}

        @DistributedLock(key = {"@keys.of(#ids)", "@keys.of({#ids, 'x'})", "#ids.contains('x') ? 'a' : 'b'"})
        void containerAsArgument(List<String> ids) {}

        @DistributedLock(key = "#order.length()")
        void byName(String order) {}

        @DistributedLock(key = {"#p0", "#a0"})
        void byPosition(String order) {}

        @DistributedLock(key = "#order?.trim().concat(#suffix)")
        void nested(String order, String suffix) {}

        @DistributedLock(key = "#root.target.name + #root.method.name + #root.args[0]")
        void root(String order) {}

        @DistributedLock(key = "method.name + target.name + args[0]")
        void call(String order) {}

        @DistributedLock(key = "@tenant.current(#order)")
        void bean(String order) {}

        @DistributedLock(key = "'fixed'")
        void literal() {}

        @DistributedLock(key = "T(java.util.UUID).fromString(#id)")
        void type(String id) {}

        @DistributedLock(key = "#orders.![name + #this.name]")
        void projection(List<String> orders) {}

        @DistributedLock(key = "#orders.?[name == 'x'].size()")
        void selection(List<String> orders) {}

        @DistributedLock(key = "#orders[first].name")
        void index(Map<String, String> orders) {}

        @DistributedLock(key = "#order.bytes.length")
        void property(String order) {}

        @DistributedLock(key = {"#order", "#amount"})
        void several(String order, int amount) {}

        @DistributedLock(key = "#order != null ? #order : 'none'")
        void conditional(String order) {}

        @DistributedLock(key = "{first: #order}['first']")
        void map(String order) {}
    }

    abstract static class OfLists<T> {

        @DistributedLock(key = "#order")
        void ofTypeVariable(T order) {}
    }

    static class Shown extends OfLists<List<String>> {

        @DistributedLock(key = "#ids")
        void list(List<String> ids) {}

        @DistributedLock(key = "#ids")
        void array(int[] ids) {}

        @DistributedLock(key = "#ids")
        void varargs(String... ids) {}

        @DistributedLock(key = "#id")
        void optional(Optional<String> id) {}

        @DistributedLock(key = "#root.args")
        void arguments(String id) {}

        @DistributedLock(key = "#order.lines")
        void getter(View order) {}

        @DistributedLock(key = "#order.lines()")
        void accessor(Item order) {}

        @DistributedLock(key = "'batch:' + #ids")
        void joined(List<String> ids) {}

        @DistributedLock(key = "#id ?: #ids")
        void alternative(String id, List<String> ids) {}

        @DistributedLock(key = "#ids ?: 'none'")
        void preferred(List<String> ids) {}

        @DistributedLock(key = "#ids")
        void iterable(Iterable<String> ids) {}

        @DistributedLock(key = "#all ? 'all' : #ids")
        void branch(boolean all, List<String> ids) {}

        @DistributedLock(key = "{#a, #b}")
        void inlineList(String a, String b) {}

        @DistributedLock(key = "{a: #a}")
        void inlineMap(String a) {}

        @DistributedLock(key = "#item.ide")
        void ofRecord(Item item) {}

        @DistributedLock(key = "#order.naem")
        void ofFinalClass(Order order) {}

        @DistributedLock(key = "#item?.ide")
        void nullSafeOfRecord(Item item) {}

        @DistributedLock(key = "#order.item.ide")
        void deeper(Order order) {}

        @DistributedLock(key = "@keys.of(#item.ide)")
        void ofArgument(Item item) {}

        @DistributedLock(key = "#id.id")
        void ofOptional(Optional<Item> id) {}

        @DistributedLock(key = "#id.value")
        void ofPrimitive(int id) {}

        @DistributedLock(key = "#ids.size")
        void ofArray(String[] ids) {}

        @DistributedLock(key = "#root.targetClass")
        void ofRoot() {}
    }

    static class Ambiguous {

        @DistributedLock(key = "#p1")
        void shifted(String p1, String p2) {}

        @DistributedLock(key = {"#a1", "#a0"})
        void swapped(String a1, String a0) {}
    }

    interface Positions {

        @DistributedLock(key = {"#p0", "#p1"})
        void call(String first, String second);
    }

    static class MisnamedImplementation implements Positions {

        @Override
        public void call(String p1, String p0) {}
    }

    static class Wrong {

        @DistributedLock(key = "#oder.id")
        void unknown(String order, int amount) {}

        @DistributedLock(key = "#order.concat(#other)")
        void inArgument(String order) {}

        @DistributedLock(key = "#orders[#other]")
        void inIndex(List<String> orders) {}

        @DistributedLock(key = "#orders.?[#this == #other].size()")
        void inSelection(List<String> orders) {}

        @DistributedLock(key = "#order == 'x' ? #other : 'y'")
        void inTernary(String order) {}

        @DistributedLock(key = "#other(#order)")
        void function(String order) {}

        @DistributedLock(key = "#other?.id")
        void nullSafe(String order) {}

        @DistributedLock(key = "#p1")
        void position(String id) {}

        @DistributedLock(key = "#id")
        void noParameters() {}

        @DistributedLock(key = "order.length()")
        void noHash(String order) {}

        @DistributedLock(key = "nightly")
        void noQuotes(String order) {}
    }

    static class Compiled {

        @DistributedLock(key = "#order?.length()")
        void byName(String order) {}

        @DistributedLock(key = "#p0?.length()")
        void byPosition(String order) {}
    }

    interface Api {

        @DistributedLock(key = {"#first", "#second"})
        void call(String first, String second);
    }

    static class Implementation implements Api {

        @Override
        public void call(String second, String first) {}
    }
}
