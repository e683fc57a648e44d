package io.github.lockspring.engine;

import java.net.InetAddress;
import java.net.UnknownHostException;
import java.security.SecureRandom;
import java.util.HexFormat;
import java.util.concurrent.atomic.AtomicLong;

/** Makes owners: {@code application@host:pid:random:sequence}. The random part is drawn per engine start. */
final class OwnerFactory {

    private final String client;

    private final AtomicLong sequence = new AtomicLong();

    OwnerFactory(String application) {
        this.client = plain(application)
                + '@'
                + plain(hostName())
                + ':'
                + ProcessHandle.current().pid()
                + ':'
                + random();
    }

    /** The part that all owners of this engine share. */
    String client() {
        return this.client;
    }

    String next() {
        return this.client + ':' + Long.toString(this.sequence.incrementAndGet(), Character.MAX_RADIX);
    }

    boolean isOurs(String owner) {
        return owner.startsWith(this.client + ':');
    }

    private static String random() {
        byte[] bytes = new byte[6];
        new SecureRandom().nextBytes(bytes);
        return HexFormat.of().formatHex(bytes);
    }

    private static String hostName() {
        String fromEnvironment = System.getenv("HOSTNAME");
        if (fromEnvironment != null && !fromEnvironment.isBlank()) {
            return fromEnvironment;
        }
        try {
            return InetAddress.getLocalHost().getHostName();
        } catch (UnknownHostException ex) {
            return "localhost";
        }
    }

    /** Owners are part of channel names and split at colons: anything but letters, digits and {@code . _ -} goes. */
    private static String plain(String text) {
        String plain = text.replaceAll("[^A-Za-z0-9._-]", "_");
        return plain.isEmpty() ? "app" : plain.length() <= 64 ? plain : plain.substring(0, 64);
    }
}
