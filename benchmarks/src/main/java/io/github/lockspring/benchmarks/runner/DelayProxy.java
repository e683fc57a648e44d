package io.github.lockspring.benchmarks.runner;

import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.time.Duration;
import java.util.Arrays;
import java.util.Set;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.locks.LockSupport;

/** A way to Redis on which every byte takes a while longer, in either direction. */
final class DelayProxy implements AutoCloseable {

    /** Nothing: the connection has ended. */
    private static final Chunk END = new Chunk(0, new byte[0]);

    private final ServerSocket server;

    private final String host;

    private final int port;

    private final long delayNanos;

    private final Set<Socket> sockets = ConcurrentHashMap.newKeySet();

    DelayProxy(String host, int port, Duration delay) {
        this.host = host;
        this.port = port;
        this.delayNanos = delay.toNanos();
        try {
            this.server = new ServerSocket(0, 256, InetAddress.getLoopbackAddress());
        } catch (IOException ex) {
            throw new UncheckedIOException(ex);
        }
        start("proxy-accept", this::accept);
    }

    int port() {
        return this.server.getLocalPort();
    }

    private void accept() throws IOException, InterruptedException {
        while (true) {
            Socket client = this.server.accept();
            Socket redis = new Socket(this.host, this.port);
            pass(client, redis);
            pass(redis, client);
        }
    }

    private void pass(Socket from, Socket to) throws IOException {
        this.sockets.add(from);
        from.setTcpNoDelay(true);
        BlockingQueue<Chunk> underWay = new LinkedBlockingQueue<>();
        start("proxy-read", () -> read(from, underWay));
        start("proxy-write", () -> write(to, underWay));
    }

    private void read(Socket from, BlockingQueue<Chunk> underWay) throws IOException {
        byte[] buffer = new byte[1 << 16];
        try (InputStream input = from.getInputStream()) {
            int length = input.read(buffer);
            while (length >= 0) {
                long due = System.nanoTime() + this.delayNanos;
                underWay.add(new Chunk(due, Arrays.copyOf(buffer, length)));
                length = input.read(buffer);
            }
        } finally {
            underWay.add(END);
        }
    }

    private void write(Socket to, BlockingQueue<Chunk> underWay) throws IOException, InterruptedException {
        try (OutputStream output = to.getOutputStream()) {
            Chunk chunk = underWay.take();
            while (chunk.bytes.length > 0) {
                while (chunk.due - System.nanoTime() > 0) {
                    LockSupport.parkNanos(chunk.due - System.nanoTime());
                }
                output.write(chunk.bytes);
                chunk = underWay.take();
            }
        } finally {
            this.sockets.remove(to);
        }
    }

    @Override
    public void close() {
        try {
            this.server.close();
            for (Socket socket : this.sockets) {
                socket.close();
            }
        } catch (IOException ex) {
            throw new UncheckedIOException(ex);
        }
    }

    private static void start(String name, Pump pump) {
        Thread thread = new Thread(
                () -> {
                    try {
                        pump.run();
                    } catch (IOException | InterruptedException ex) {
                        // the connection has been closed
                    }
                },
                name);
        thread.setDaemon(true);
        thread.start();
    }

    private static final class Chunk {

        private final long due;

        private final byte[] bytes;

        Chunk(long due, byte[] bytes) {
            this.due = due;
            this.bytes = bytes;
        }
    }

    @FunctionalInterface
    private interface Pump {

        void run() throws IOException, InterruptedException;
    }
}
