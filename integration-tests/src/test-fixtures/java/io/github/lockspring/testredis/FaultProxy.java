package io.github.lockspring.testredis;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.time.Duration;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;

/**
 * A network that can be broken: a TCP proxy in front of a Redis. Faults hold for present and new connections until
 * {@link #heal()}, and may be combined. Thread-safe.
 */
public final class FaultProxy implements AutoCloseable {

    private final ServerSocket listener;

    private final String targetHost;

    private volatile int targetPort;

    private final Set<ProxiedConnection> connections = ConcurrentHashMap.newKeySet();

    private final Faults faults = new Faults();

    private volatile boolean refusing;

    private FaultProxy(ServerSocket listener, String targetHost, int targetPort) {
        this.listener = listener;
        this.targetHost = targetHost;
        this.targetPort = targetPort;
    }

    /** Starts a proxy on a free port. */
    public static FaultProxy to(String targetHost, int targetPort) {
        try {
            ServerSocket listener = new ServerSocket(FreePorts.next(), 100, InetAddress.getLoopbackAddress());
            FaultProxy proxy = new FaultProxy(listener, targetHost, targetPort);
            Daemons.start("proxy-" + listener.getLocalPort(), proxy::accept);
            return proxy;
        } catch (IOException ex) {
            throw new UncheckedIOException(ex);
        }
    }

    public String host() {
        return "127.0.0.1";
    }

    public int port() {
        return this.listener.getLocalPort();
    }

    /** Returns how many connections are open. */
    public int connections() {
        return this.connections.size();
    }

    /** Passes everything on late, in both directions. */
    public void delay(Duration delay) {
        this.faults.delay(delay);
    }

    /** Keeps requests back: nothing is executed until {@link #heal()}. */
    public void holdRequests() {
        this.faults.holdRequests(true);
    }

    /** Keeps replies back: requests are executed, and answered on {@link #heal()}. */
    public void holdReplies() {
        this.faults.holdReplies(true);
    }

    /** Throws replies away: requests are executed and never answered. Such connections end on {@link #heal()}. */
    public void dropReplies() {
        this.faults.dropReplies(true);
    }

    /**
     * Has the connections that have subscribed die without a word, as when a firewall forgets them: nothing comes through
     * any more in either direction, and they stay open. New ones are welcome.
     */
    public void silenceSubscribers() {
        this.connections.forEach(ProxiedConnection::silenceSubscriber);
    }

    /** The same of all connections, whatever they are for. */
    public void silence() {
        this.connections.forEach(ProxiedConnection::silence);
    }

    /** Has new connections lead to another server of the same host; present ones stay where they are. */
    public void redirect(int port) {
        this.targetPort = port;
    }

    /** Resets all connections; new ones are welcome. */
    public void reset() {
        this.connections.forEach(ProxiedConnection::reset);
    }

    /** Resets all connections, and every new one at once. */
    public void refuse() {
        this.refusing = true;
        reset();
    }

    /** Ends all faults. What was kept back is passed on. */
    public void heal() {
        this.refusing = false;
        this.faults.dropReplies(false);
        this.connections.stream().filter(ProxiedConnection::isOutOfStep).forEach(ProxiedConnection::reset);
        this.faults.delay(Duration.ZERO);
        this.faults.holdReplies(false);
        this.faults.holdRequests(false);
    }

    @Override
    public void close() {
        this.refusing = true;
        try {
            this.listener.close();
        } catch (IOException ex) {
            throw new UncheckedIOException(ex);
        }
        reset();
        heal();
    }

    private void accept() {
        while (!this.listener.isClosed()) {
            try {
                connect(this.listener.accept());
            } catch (IOException ex) {
                // The listener was closed, or Redis is down: the loop tells.
                continue;
            }
        }
    }

    private void connect(Socket client) throws IOException {
        if (this.refusing) {
            ProxiedConnection.reset(client);
            return;
        }
        Socket server;
        try {
            server = new Socket(this.targetHost, this.targetPort);
        } catch (IOException ex) {
            ProxiedConnection.reset(client);
            throw ex;
        }
        ProxiedConnection connection = new ProxiedConnection(client, server, this.faults);
        this.connections.add(connection);
        connection.start(() -> this.connections.remove(connection));
        if (this.refusing) {
            connection.reset();
        }
    }
}
