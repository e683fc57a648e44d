package io.github.lockspring.testredis;

import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.net.Socket;
import java.net.SocketException;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;

/** A connection of a client through the proxy: two sockets, a pump in each direction. */
final class ProxiedConnection {

    private static final Chunk END = new Chunk(0, new byte[0]);

    private final Socket client;

    private final Socket server;

    private final Faults faults;

    private volatile boolean outOfStep;

    private volatile boolean subscriber;

    private volatile boolean silent;

    ProxiedConnection(Socket client, Socket server, Faults faults) throws SocketException {
        this.client = client;
        this.server = server;
        this.faults = faults;
        client.setTcpNoDelay(true);
        server.setTcpNoDelay(true);
    }

    void start(Runnable onEnd) {
        Daemons.start("proxy-requests", () -> {
            pump(this.client, this.server, true);
            onEnd.run();
        });
        Daemons.start("proxy-replies", () -> {
            pump(this.server, this.client, false);
            onEnd.run();
        });
    }

    /** Tells whether a reply was thrown away: the next one would be taken for it. */
    boolean isOutOfStep() {
        return this.outOfStep;
    }

    void silenceSubscriber() {
        this.silent = this.subscriber;
    }

    void silence() {
        this.silent = true;
    }

    void reset() {
        reset(this.client);
        reset(this.server);
    }

    /** Closes without the usual farewell: the other side sees a reset. */
    static void reset(Socket socket) {
        try {
            socket.setSoLinger(true, 0);
            socket.close();
        } catch (IOException ignored) {
            // Closed already, which is all that was wanted.
        }
    }

    /** Reads on while what came before is kept back, so that delays do not add up. */
    private void pump(Socket from, Socket to, boolean requests) {
        BlockingQueue<Chunk> underWay = new LinkedBlockingQueue<>();
        Daemons.start("proxy-reads", () -> read(from, underWay));
        try {
            OutputStream out = to.getOutputStream();
            for (Chunk chunk = underWay.take(); chunk != END; chunk = underWay.take()) {
                if (requests) {
                    this.subscriber |=
                            new String(chunk.bytes(), StandardCharsets.ISO_8859_1).contains("\r\nSUBSCRIBE\r\n");
                    this.faults.passRequest(chunk.arrived());
                } else if (!this.faults.passReply(chunk.arrived())) {
                    this.outOfStep = true;
                    continue;
                }
                if (!this.silent) {
                    out.write(chunk.bytes());
                }
            }
        } catch (IOException ignored) {
            // One side is gone: so is the connection.
        } catch (InterruptedException ex) {
            Thread.currentThread().interrupt();
        } finally {
            reset();
        }
    }

    private static void read(Socket from, BlockingQueue<Chunk> underWay) {
        byte[] buffer = new byte[16_384];
        try {
            InputStream in = from.getInputStream();
            for (int length = in.read(buffer); length >= 0; length = in.read(buffer)) {
                underWay.add(new Chunk(System.nanoTime(), Arrays.copyOf(buffer, length)));
            }
        } catch (IOException ignored) {
            // That side is gone.
        } finally {
            underWay.add(END);
        }
    }

    /** What was read at once, and when. */
    private record Chunk(long arrived, byte[] bytes) {}
}
