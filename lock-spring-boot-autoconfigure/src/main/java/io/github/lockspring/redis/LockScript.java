package io.github.lockspring.redis;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;
import java.util.stream.Collectors;
import org.springframework.data.redis.connection.ReturnType;

/**
 * A script, and the digest Redis knows it by. Read from the file of its name beside this class; a line
 * {@code -- include other.lua} stands for the text of that file.
 */
final class LockScript {

    private static final String INCLUDE = "-- include ";

    static final LockScript ACQUIRE = new LockScript("acquire.lua", ReturnType.VALUE);

    static final LockScript RENEW = new LockScript("renew.lua", ReturnType.VALUE);

    static final LockScript RELEASE = new LockScript("release.lua", ReturnType.INTEGER);

    static final LockScript KEEP = new LockScript("keep.lua", ReturnType.INTEGER);

    static final LockScript EXPIRE = new LockScript("expire.lua", ReturnType.INTEGER);

    static final LockScript LEAVE = new LockScript("leave.lua", ReturnType.INTEGER);

    static final LockScript HOLDER = new LockScript("holder.lua", ReturnType.MULTI);

    static final LockScript ECHO = new LockScript("echo.lua", ReturnType.INTEGER);

    private final String name;

    private final ReturnType returnType;

    private final byte[] text;

    private final String sha;

    private LockScript(String name, ReturnType returnType) {
        this.name = name;
        this.returnType = returnType;
        this.text = read(name)
                .lines()
                .map(line -> line.startsWith(INCLUDE) ? read(line.substring(INCLUDE.length())) : line)
                .collect(Collectors.joining("\n"))
                .getBytes(StandardCharsets.UTF_8);
        this.sha = sha1(this.text);
    }

    /** What the drivers are to expect. */
    ReturnType returnType() {
        return this.returnType;
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
