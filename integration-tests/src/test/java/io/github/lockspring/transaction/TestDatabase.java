package io.github.lockspring.transaction;

import java.sql.SQLException;
import java.util.UUID;
import org.h2.tools.Server;
import org.jspecify.annotations.Nullable;

/**
 * A database that processes share: the PostgreSQL of the environment variable {@code LOCK_TEST_POSTGRES}, a JDBC URL with
 * user and password, if it is set; otherwise H2.
 */
public final class TestDatabase implements AutoCloseable {

    /** It outlives its connections, and waits for locks of rows. */
    private static final String OF_ALL = ";DB_CLOSE_DELAY=-1;LOCK_TIMEOUT=60000";

    private final String url;

    private final @Nullable Server server;

    private TestDatabase(String url, @Nullable Server server) {
        this.url = url;
        this.server = server;
    }

    /** For this process. */
    static String newUrl() {
        String postgres = postgres();
        return postgres != null ? postgres : "jdbc:h2:mem:" + UUID.randomUUID() + OF_ALL;
    }

    /** For this process and others. */
    public static TestDatabase start() {
        String postgres = postgres();
        if (postgres != null) {
            return new TestDatabase(postgres, null);
        }
        try {
            Server server =
                    Server.createTcpServer("-tcpPort", "0", "-ifNotExists").start();
            return new TestDatabase(
                    "jdbc:h2:tcp://localhost:" + server.getPort() + "/mem:" + UUID.randomUUID() + OF_ALL, server);
        } catch (SQLException ex) {
            throw new IllegalStateException(ex);
        }
    }

    private static @Nullable String postgres() {
        String postgres = System.getenv("LOCK_TEST_POSTGRES");
        if (postgres != null && !postgres.startsWith("jdbc:postgresql:")) {
            throw new IllegalStateException("LOCK_TEST_POSTGRES is '" + postgres
                    + "': it takes a JDBC URL, such as jdbc:postgresql://localhost/test?user=test&password=test");
        }
        return postgres;
    }

    public String url() {
        return this.url;
    }

    @Override
    public void close() {
        if (this.server != null) {
            this.server.stop();
        }
    }
}
