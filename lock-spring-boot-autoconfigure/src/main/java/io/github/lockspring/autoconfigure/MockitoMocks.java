package io.github.lockspring.autoconfigure;

import java.lang.reflect.Method;
import org.springframework.util.ClassUtils;

/**
 * Tells beans that a test mocks, and that would not run what they are given. Asks Mockito, which only tests have on
 * their class path: mocks of classes have no name of their own.
 */
final class MockitoMocks {

    private static final String MOCKITO = "org.mockito.Mockito";

    private MockitoMocks() {}

    /** Whether it is a mock; a spy does what the real object does. */
    static boolean isMock(Object bean) {
        ClassLoader classLoader = MockitoMocks.class.getClassLoader();
        if (!ClassUtils.isPresent(MOCKITO, classLoader)) {
            return false;
        }
        try {
            Method details = ClassUtils.forName(MOCKITO, classLoader).getMethod("mockingDetails", Object.class);
            Object mocking = details.invoke(null, bean);
            return is("isMock", details.getReturnType(), mocking) && !is("isSpy", details.getReturnType(), mocking);
        } catch (ReflectiveOperationException ex) {
            throw new IllegalStateException("Cannot ask Mockito whether " + bean.getClass() + " is a mock", ex);
        }
    }

    private static boolean is(String question, Class<?> details, Object mocking) throws ReflectiveOperationException {
        return (boolean) details.getMethod(question).invoke(mocking);
    }
}
