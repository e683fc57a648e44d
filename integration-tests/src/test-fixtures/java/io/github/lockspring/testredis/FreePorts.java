package io.github.lockspring.testredis;

import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;

/**
 * Ports for servers, below the range that systems take ports of outgoing connections from: while a server is down
 * nobody else is given its port, and no client that tries to reconnect gets connected to itself. Tests run in several
 * JVMs at a time, so that each takes a block of ports for itself, by listening on the first of them until it ends.
 */
final class FreePorts {

    /** What a Redis of a cluster adds to its port for the bus between nodes. */
    static final int BUS_OFFSET = 10_000;

    private static final int LOWEST = 10_000;

    private static final int HIGHEST = 20_000;

    private static final int BLOCK_SIZE = 500;

    private static final ServerSocket BLOCK = takeBlock();

    private static int handedOut;

    private FreePorts() {}

    /** Returns a port that is free, together with the one of its cluster bus: of the block, the one used longest ago. */
    static synchronized int next() {
        for (int attempt = 1; attempt < BLOCK_SIZE; attempt++) {
            int port = BLOCK.getLocalPort() + 1 + handedOut++ % (BLOCK_SIZE - 1);
            if (isFree(port) && isFree(port + BUS_OFFSET)) {
                return port;
            }
        }
        throw new IllegalStateException("No free port among the " + BLOCK_SIZE + " from " + BLOCK.getLocalPort());
    }

    private static ServerSocket takeBlock() {
        List<Integer> blocks = new ArrayList<>();
        for (int first = LOWEST; first < HIGHEST; first += BLOCK_SIZE) {
            blocks.add(first);
        }
        Collections.shuffle(blocks);
        for (int first : blocks) {
            try {
                return listen(first);
            } catch (IOException taken) {
                // Another JVM has this block.
            }
        }
        throw new IllegalStateException("No free block of ports between " + LOWEST + " and " + HIGHEST);
    }

    private static boolean isFree(int port) {
        try (ServerSocket socket = listen(port)) {
            return socket.isBound();
        } catch (IOException ex) {
            return false;
        }
    }

    private static ServerSocket listen(int port) throws IOException {
        return new ServerSocket(port, 1, InetAddress.getLoopbackAddress());
    }
}
