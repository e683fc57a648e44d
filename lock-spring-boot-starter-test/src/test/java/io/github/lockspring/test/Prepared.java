package io.github.lockspring.test;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.lockspring.test.orders.OrderApplication;
import io.github.lockspring.test.orders.OrderService;
import java.lang.reflect.Method;
import org.springframework.beans.factory.annotation.Autowired;
import org.springframework.boot.test.context.SpringBootTest;
import org.springframework.test.context.ContextConfiguration;
import org.springframework.test.context.TestContextManager;

/** A test with locks under its control, which runs itself in the way of a test framework. */
@ContextConfiguration(classes = OrderApplication.class)
@SpringBootTest(properties = "distributed-lock.wait-time=0s", webEnvironment = SpringBootTest.WebEnvironment.NONE)
@AutoConfigureTestLocks
class Prepared {

    @Autowired
    private TestLocks locks;

    @Autowired
    private OrderService orders;

    public static void main(String[] args) throws Exception {
        TestContextManager manager = new TestContextManager(Prepared.class);
        Prepared test = new Prepared();
        Method method = Prepared.class.getDeclaredMethod("test");
        manager.beforeTestClass();
        manager.prepareTestInstance(test);
        manager.beforeTestMethod(test, method);
        test.test();
        manager.afterTestMethod(test, method, null);
        print("after the test " + test.orders.shipIfFree(42));
        manager.afterTestClass();
        System.exit(0);
    }

    void test() {
        print("free " + this.orders.shipIfFree(42));
        this.locks.holdElsewhere("order", 42);
        print("elsewhere " + this.orders.shipIfFree(42));
        assertThat(this.locks).wasSkipped("order", 42);
    }

    private static void print(String line) {
        System.out.println("> " + line);
    }
}
