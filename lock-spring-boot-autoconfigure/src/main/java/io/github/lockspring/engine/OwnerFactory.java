package io.github.lockspring.engine;

import java.net.InetAddress;
import java.net.UnknownHostException;
import java.security.SecureRandom;
import java.util.HexFormat;
import java.util.concurrent.atomic.AtomicLong;

/**
 * Makes owners: {@code application@host:pid:random:sequence}. The random part is drawn per engine start, and a further
 * one goes before the sequence after every new connection: copies of one machine that run side by side have different
 * owners from then on.
 */
final class OwnerFactory {

    private final String client;

    private final AtomicLong sequence = new AtomicLong();

    /** What goes before the sequence. */
    private volatile String mark = "";

    OwnerFactory(String application) {
        long process = ProcessHandle.current().pid();
        this.client = plain(application) + '@' + plain(hostName()) + ':' + process + ':' + random(6);
    }

    /** The part that all owners of this engine share. */
    String client() {
        return this.client;
    }

    String next() {
        return this.client + ':' + this.mark + Long.toString(this.sequence.incrementAndGet(), Character.MAX_RADIX);
    }

    /** The store is reached over a new connection, and may be by a copy of this process as well. */
    void renew() {
        this.mark = random(4) + '-';
    }

    /**
     * Whether this engine has created an owner since its last new connection: an earlier mark may also be in use by a
     * copy.
     */
    boolean isOfPresentMark(String owner) {
        if (!owner.startsWith(this.client + ':')) {
            return false;
        }
        String ending = owner.substring(this.client.length() + 1);
        String itsMark = ending.substring(0, ending.indexOf('-') + 1);
        return itsMark.equals(this.mark);
    }

    private static String random(int length) {
        byte[] bytes = new byte[length];
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
