package io.github.lockspring.redis;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import io.github.lockspring.store.TenureId;
import io.github.lockspring.testredis.TestRedis;
import java.io.File;
import java.net.MalformedURLException;
import java.net.URL;
import java.net.URLClassLoader;
import java.nio.file.Path;
import java.util.Arrays;
import org.junit.jupiter.api.Test;
import org.springframework.data.redis.connection.jedis.JedisConnectionFactory;

/** An application that has Jedis only. */
class WithoutLettuceIntegrationTests {

    @Test
    void jedisIsEnough() throws Exception {
        try (URLClassLoader loader = withoutLettuce()) {
            assertThatExceptionOfType(ClassNotFoundException.class)
                    .isThrownBy(() -> loader.loadClass("io.lettuce.core.RedisClient"));

            Object owner = loader.loadClass(Application.class.getName())
                    .getMethod("lockAndGrant", String.class, int.class, String.class)
                    .invoke(null, TestRedis.shared().host(), TestRedis.shared().port(), TestRedis.newPrefix());

            assertThat(owner).asString().startsWith("test@host:");
        }
    }

    private static URLClassLoader withoutLettuce() {
        URL[] classPath = Arrays.stream(System.getProperty("java.class.path").split(File.pathSeparator))
                .filter(entry -> !entry.contains("lettuce-core"))
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

        public static String lockAndGrant(String host, int port, String prefix) throws InterruptedException {
            JedisConnectionFactory factory = Drivers.jedis(host, port);
            try (StoreClient client =
                    new StoreClient(factory, prefix).subscribe().awaitListening()) {
                TenureId owner = client.owner("a");
                TenureId next = client.owner("a");
                client.acquires(owner);
                client.queues(next);
                client.frees(owner);
                String granted = client.nextGrant().owner();
                client.frees(next);
                return granted;
            } finally {
                factory.destroy();
            }
        }
    }
}
