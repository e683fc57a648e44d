package io.github.lockspring.samples.flashsale.show;

import io.github.lockspring.samples.support.SharedServer;
import io.github.lockspring.samples.support.ShowException;
import java.sql.SQLException;
import java.util.Map;
import org.h2.tools.Server;

/** H2 in the memory of this process, served to the others over TCP. */
final class EmbeddedDatabase implements SharedServer {

    /** Opens it from within this process, whereby it comes to be. */
    static final String LOCAL_URL = "jdbc:h2:mem:flash-sale;DB_CLOSE_DELAY=-1";

    static final String USERNAME = "sa";

    private final Server server;

    EmbeddedDatabase() {
        System.setProperty("h2.bindAddress", "127.0.0.1");
        try {
            this.server = Server.createTcpServer("-tcpPort", "0", "-tcpDaemon").start();
        } catch (SQLException ex) {
            throw new ShowException("The embedded database does not start: " + ex.getMessage(), ex);
        }
    }

    @Override
    public String description() {
        return "embedded H2, port " + this.server.getPort();
    }

    @Override
    public Map<String, String> properties() {
        // Selling threads queue up for the row they update; without lock the last of them waits longest.
        return Map.of(
                "spring.datasource.url",
                "jdbc:h2:tcp://127.0.0.1:" + this.server.getPort() + "/mem:flash-sale;LOCK_TIMEOUT=30000",
                "spring.datasource.username",
                USERNAME,
                "spring.datasource.password",
                "");
    }

    @Override
    public void close() {
        this.server.stop();
    }
}
