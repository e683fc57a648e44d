package io.github.lockspring.redis;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.stream.Collectors;
import org.springframework.core.io.ClassPathResource;
import org.springframework.data.redis.connection.ReturnType;
import org.springframework.data.redis.core.script.DigestUtils;

/**
 * A script, and the digest Redis knows it by. Read from the file of its name next to this class; a line {@code --
 * include other.lua} stands for the text of that file.
 *
 * @param returnType the type that blocking drivers expect
 */
record LockScript(String name, ReturnType returnType, String text, String sha) {

    private static final String INCLUDE = "-- include ";

    static final LockScript ACQUIRE = of("acquire.lua", ReturnType.VALUE);

    static final LockScript RENEW = of("renew.lua", ReturnType.VALUE);

    static final LockScript RELEASE = of("release.lua", ReturnType.INTEGER);

    static final LockScript KEEP = of("keep.lua", ReturnType.INTEGER);

    static final LockScript EXPIRE = of("expire.lua", ReturnType.INTEGER);

    static final LockScript LEAVE = of("leave.lua", ReturnType.INTEGER);

    static final LockScript HOLDER = of("holder.lua", ReturnType.MULTI);

    static final LockScript ECHO = of("echo.lua", ReturnType.INTEGER);

    static final LockScript PROBE = of("probe.lua", ReturnType.VALUE);

    /** Has the scripts read by the thread that creates a store: those that use it may be ones that must not be blocked. */
    static void readAll() {
        // by the initialization of this class
    }

    private static LockScript of(String name, ReturnType returnType) {
        String text = read(name)
                .lines()
                .map(line -> line.startsWith(INCLUDE) ? read(line.substring(INCLUDE.length())) : line)
                .collect(Collectors.joining("\n"));
        return new LockScript(name, returnType, text, DigestUtils.sha1DigestAsHex(text));
    }

    private static String read(String name) {
        try {
            return new ClassPathResource(name, LockScript.class).getContentAsString(StandardCharsets.UTF_8);
        } catch (IOException ex) {
            throw new UncheckedIOException(
                    "Cannot read script " + name + " beside " + LockScript.class.getName()
                            + ": the jar is damaged, or a native image was built without its resources",
                    ex);
        }
    }

    @Override
    public String toString() {
        return this.name;
    }
}
