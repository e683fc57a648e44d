package io.github.lockspring.redis;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;
import java.util.stream.Collectors;

/**
 * A script, and the digest Redis knows it by. Read from the file of its name beside this class; a line
 * {@code -- include other.lua} stands for the text of that file.
 */
final class LockScript {

    private static final String INCLUDE = "-- include ";

    static final LockScript ACQUIRE = new LockScript("acquire.lua");

    static final LockScript RENEW = new LockScript("renew.lua");

    static final LockScript RELEASE = new LockScript("release.lua");

    static final LockScript KEEP = new LockScript("keep.lua");

    static final LockScript EXPIRE = new LockScript("expire.lua");

    static final LockScript LEAVE = new LockScript("leave.lua");

    static final LockScript HOLDER = new LockScript("holder.lua");

    private final String name;

    private final byte[] text;

    private final String sha;

    private LockScript(String name) {
        this.name = name;
        this.text = read(name)
                .lines()
                .map(line -> line.startsWith(INCLUDE) ? read(line.substring(INCLUDE.length())) : line)
                .collect(Collectors.joining("\n"))
                .getBytes(StandardCharsets.UTF_8);
        this.sha = sha1(this.text);
    }

    byte[] text() {
        return this.text;
    }

    String sha() {
        return this.sha;
    }

    @Override
    public String toString() {
        return this.name;
    }

    private static String read(String name) {
        try (InputStream stream = LockScript.class.getResourceAsStream(name)) {
            if (stream == null) {
                throw new IllegalStateException("Script " + name + " is missing beside " + LockScript.class.getName()
                        + ": the jar is damaged, or a native image was built without its resources");
            }
            return new String(stream.readAllBytes(), StandardCharsets.UTF_8);
        } catch (IOException ex) {
            throw new UncheckedIOException("Cannot read script " + name, ex);
        }
    }

    private static String sha1(byte[] text) {
        try {
            return HexFormat.of().formatHex(MessageDigest.getInstance("SHA-1").digest(text));
        } catch (NoSuchAlgorithmException ex) {
            throw new IllegalStateException("Every Java platform has SHA-1", ex);
        }
    }
}
