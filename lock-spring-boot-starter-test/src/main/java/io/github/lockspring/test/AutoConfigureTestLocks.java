package io.github.lockspring.test;

import java.lang.annotation.Documented;
import java.lang.annotation.ElementType;
import java.lang.annotation.Inherited;
import java.lang.annotation.Retention;
import java.lang.annotation.RetentionPolicy;
import java.lang.annotation.Target;
import org.springframework.boot.autoconfigure.ImportAutoConfiguration;

/**
 * Has the locks of a test kept in memory, under the control of the test: adds a {@link TestLocks} bean, and a store that
 * replaces every other one. No Redis is needed. Works on a test with {@code @SpringBootTest}, on slices such as
 * {@code @DataJdbcTest} and {@code @WebMvcTest}, where it also adds the auto-configuration of locks, and on tests with
 * {@code @SpringJUnitConfig} that name the beans that they need.
 *
 * <p>Waiting, leases, re-entry, fencing tokens and transactions are those of the library, and so are all properties but
 * {@code distributed-lock.store}, which is {@code memory}. The stores of further servers
 * ({@code distributed-lock.servers.*}) are in memory as well, and not under the control of the test.
 *
 * <p>After each test method everything that the test has brought about is undone, see {@link TestLocks#reset()}. A test
 * method that leaves a lease open on its thread fails, with the place where the lock was acquired, and the lease is
 * closed: tests that follow on that thread would enter the lock again. Test methods that share a context must not run
 * concurrently.
 *
 * @since 0.1
 */
@Target(ElementType.TYPE)
@Retention(RetentionPolicy.RUNTIME)
@Documented
@Inherited
@ImportAutoConfiguration
public @interface AutoConfigureTestLocks {}
