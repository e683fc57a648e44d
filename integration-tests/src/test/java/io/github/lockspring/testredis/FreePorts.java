package io.github.lockspring.testredis;

import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.util.concurrent.ThreadLocalRandom;

/**
 * Ports for servers, below the range that systems take ports of outgoing connections from: while a server is down
 * nobody else is given its port, and no client that tries to reconnect gets connected to itself.
 */
final class FreePorts {

    /** What a Redis of a cluster adds to its port for the bus between nodes. */
    static final int BUS_OFFSET = 10_000;

    private static final int LOWEST = 10_000;

    private static final int HIGHEST = 20_000;

    private FreePorts() {}

    /** Returns a port that is free, together with the one of its cluster bus. */
    static int next() {
        for (int attempt = 0; attempt < 1_000; attempt++) {
            int port = ThreadLocalRandom.current().nextInt(LOWEST, HIGHEST);
            if (isFree(port) && isFree(port + BUS_OFFSET)) {
                return port;
            }
        }
        throw new IllegalStateException("No free port between " + LOWEST + " and " + HIGHEST);
    }

    private static boolean isFree(int port) {
        try (ServerSocket socket = new ServerSocket(port, 1, InetAddress.getLoopbackAddress())) {
            return socket.isBound();
        } catch (IOException ex) {
            return false;
        }
    }
}
