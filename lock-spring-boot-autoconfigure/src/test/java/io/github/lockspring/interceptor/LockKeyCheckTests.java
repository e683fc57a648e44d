package io.github.lockspring.interceptor;

import static io.github.lockspring.interceptor.ParsedLocks.problem;
import static io.github.lockspring.interceptor.ParsedLocks.problems;
import static org.assertj.core.api.Assertions.assertThat;

import io.github.lockspring.annotation.DistributedLock;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
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
                "map"
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
    void refusesAPositionThatIsNone() {
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
                .contains("'nightly' is read from the call itself", "text needs quotes: 'nightly'");
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

    static class Good {

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
