package io.github.lockspring.interceptor;

import java.lang.reflect.Method;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.util.ClassUtils;

/**
 * Tells beans that a test mocks, and that would not run what they are given. Asks Mockito, which only tests have on
 * their class path: mocks of classes have no name of their own. The first question may attach an agent to the JVM, so
 * that it is for beans that matter only.
 *
 * @since 0.1
 */
public final class MockitoMocks {

    private static final String MOCKITO = "org.mockito.Mockito";

    private static final Logger log = LoggerFactory.getLogger(MockitoMocks.class);

    private MockitoMocks() {}

    /**
     * Whether an object is a mock; a spy does what the real object does.
     *
     * @param bean the object
     * @return {@code false} also if Mockito cannot say
     */
    public static boolean isMock(Object bean) {
        ClassLoader classLoader = MockitoMocks.class.getClassLoader();
        if (!ClassUtils.isPresent(MOCKITO, classLoader)) {
            return false;
        }
        try {
            Method details = ClassUtils.forName(MOCKITO, classLoader).getMethod("mockingDetails", Object.class);
            Object mocking = details.invoke(null, bean);
            return is("isMock", details.getReturnType(), mocking) && !is("isSpy", details.getReturnType(), mocking);
        } catch (ReflectiveOperationException | LinkageError ex) {
            log.debug("Cannot ask Mockito whether {} is a mock", bean.getClass(), ex);
            return false;
        }
    }

    private static boolean is(String question, Class<?> details, Object mocking) throws ReflectiveOperationException {
        return (boolean) details.getMethod(question).invoke(mocking);
    }
}
