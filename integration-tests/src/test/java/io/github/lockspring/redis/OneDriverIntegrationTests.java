package io.github.lockspring.redis;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import io.github.lockspring.store.TenureId;
import io.github.lockspring.testredis.RedisProcess;
import io.github.lockspring.testredis.TestRedis;
import java.io.File;
import java.net.MalformedURLException;
import java.net.URL;
import java.net.URLClassLoader;
import java.nio.file.Path;
import java.util.Arrays;
import org.junit.jupiter.api.Test;
import org.springframework.beans.factory.DisposableBean;
import org.springframework.data.redis.connection.RedisConnectionFactory;
import org.springframework.data.redis.connection.lettuce.LettuceConnectionFactory;

/** An application that has Jedis only, or Lettuce without the library for pools. */
class OneDriverIntegrationTests {

    @Test
    void jedisIsEnough() throws Exception {
        try (URLClassLoader loader = without("lettuce-core")) {
            assertThat(lockAndGrant(loader, "JEDIS", "io.lettuce.core.RedisClient"))
                    .asString()
                    .startsWith("test@host:");
        }
    }

    @Test
    void lettuceIsEnough() throws Exception {
        try (URLClassLoader loader = without("jedis", "commons-pool2")) {
            assertThat(lockAndGrant(loader, "LETTUCE", "org.apache.commons.pool2.impl.GenericObjectPoolConfig"))
                    .asString()
                    .startsWith("test@host:");
        }
    }

    private static Object lockAndGrant(ClassLoader loader, String driver, String missing) throws Exception {
        assertThatExceptionOfType(ClassNotFoundException.class).isThrownBy(() -> loader.loadClass(missing));
        Thread thread = Thread.currentThread();
        ClassLoader before = thread.getContextClassLoader();
        // Lettuce looks there for some of its classes
        thread.setContextClassLoader(loader);
        try {
            return loader.loadClass(Application.class.getName())
                    .getMethod("lockAndGrant", String.class, String.class, int.class, String.class)
                    .invoke(
                            null,
                            driver,
                            TestRedis.shared().host(),
                            TestRedis.shared().port(),
                            TestRedis.newPrefix());
        } finally {
            thread.setContextClassLoader(before);
        }
    }

    private static URLClassLoader without(String... jars) {
        URL[] classPath = Arrays.stream(System.getProperty("java.class.path").split(File.pathSeparator))
                .filter(entry -> Arrays.stream(jars)
                        .noneMatch(
                                jar -> Path.of(entry).getFileName().toString().startsWith(jar)))
                .map(entry -> url(Path.of(entry)))
                .toArray(URL[]::new);
        return new URLClassLoader(classPath, ClassLoader.getPlatformClassLoader());
    }

    private static URL url(Path path) {
        try {
            return path.toUri().toURL();
        } catch (MalformedURLException ex) {
            throw new IllegalStateException(ex);
        }
    }

    /** Loaded by a class loader of its own. */
    public static final class Application {

        private Application() {}

        public static String lockAndGrant(String driver, String host, int port, String prefix) throws Exception {
            RedisProcess nobody = RedisProcess.down();
            RedisConnectionFactory factory = connect(driver, host, port);
            RedisConnectionFactory down = connect(driver, nobody.host(), nobody.port());
            try (nobody;
                    StoreClient client =
                            new StoreClient(factory, prefix).subscribe().awaitListening();
                    StoreClient vain = new StoreClient(down, prefix)) {
                StoreClient.failure(vain.ask(vain.owner("a"), false));
                TenureId owner = client.owner("a");
                TenureId next = client.owner("a");
                client.acquires(owner);
                client.queues(next);
                client.frees(owner);
                String granted = client.nextGrant().owner();
                client.frees(next);
                return granted;
            } finally {
                ((DisposableBean) factory).destroy();
                ((DisposableBean) down).destroy();
            }
        }

        private static RedisConnectionFactory connect(String driver, String host, int port) {
            if (driver.equals("JEDIS")) {
                return Drivers.jedis(host, port);
            }
            LettuceConnectionFactory factory = new LettuceConnectionFactory(host, port);
            factory.afterPropertiesSet();
            factory.start();
            return factory;
        }
    }
}
