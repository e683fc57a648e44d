package io.github.lockspring.testredis;

import java.io.BufferedInputStream;
import java.io.ByteArrayOutputStream;
import java.io.EOFException;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * A few lines of RESP2 over one blocking connection: looks into a Redis without the drivers under test. For one thread
 * at a time.
 */
public final class RespClient implements AutoCloseable {

    private static final Duration PATIENCE = Duration.ofSeconds(20);

    private final Socket socket;

    private final InputStream in;

    private RespClient(Socket socket) throws IOException {
        this.socket = socket;
        this.in = new BufferedInputStream(socket.getInputStream());
    }

    public static RespClient connect(String host, int port) {
        return connect(host, port, PATIENCE);
    }

    /**
     * Connects.
     *
     * @param patience longest wait for the connection, and for each reply
     * @throws UncheckedIOException if nobody answers
     */
    public static RespClient connect(String host, int port, Duration patience) {
        Socket socket = new Socket();
        try {
            socket.setTcpNoDelay(true);
            socket.setSoTimeout((int) patience.toMillis());
            socket.connect(new InetSocketAddress(host, port), (int) patience.toMillis());
            return new RespClient(socket);
        } catch (IOException ex) {
            close(socket);
            throw new UncheckedIOException("No Redis at " + host + ":" + port, ex);
        }
    }

    /**
     * Sends a command and waits for its reply.
     *
     * @return text of simple and bulk strings (UTF-8), {@code Long}, {@code List} of these, or {@code null}
     * @throws RespException for an error reply
     * @throws UncheckedIOException if the connection fails or the reply does not come
     */
    public @Nullable Object command(String... arguments) {
        try {
            ByteArrayOutputStream request = new ByteArrayOutputStream();
            writeLine(request, "*" + arguments.length);
            for (String argument : arguments) {
                byte[] bytes = argument.getBytes(StandardCharsets.UTF_8);
                writeLine(request, "$" + bytes.length);
                request.write(bytes);
                writeLine(request, "");
            }
            this.socket.getOutputStream().write(request.toByteArray());
            return readReply();
        } catch (IOException ex) {
            throw new UncheckedIOException("No reply to " + arguments[0], ex);
        }
    }

    /** Sends a command whose reply is text or nothing. */
    public @Nullable String text(String... arguments) {
        return (String) command(arguments);
    }

    /** Sends a command whose reply is a number. */
    public long number(String... arguments) {
        return command(arguments) instanceof Long number ? number : notANumber(arguments);
    }

    /** Sends a command whose reply is a list of texts. */
    public List<String> texts(String... arguments) {
        List<String> texts = new ArrayList<>();
        if (command(arguments) instanceof List<?> elements) {
            elements.forEach(element -> texts.add(String.valueOf(element)));
        }
        return texts;
    }

    /** Returns all keys that match a pattern of SCAN. */
    public Set<String> keys(String pattern) {
        Set<String> keys = new HashSet<>();
        String cursor = "0";
        do {
            if (!(command("SCAN", cursor, "MATCH", pattern, "COUNT", "1000") instanceof List<?> page)) {
                throw new IllegalStateException("SCAN answers with cursor and keys");
            }
            cursor = String.valueOf(page.get(0));
            ((List<?>) page.get(1)).forEach(key -> keys.add(String.valueOf(key)));
        } while (!cursor.equals("0"));
        return keys;
    }

    @Override
    public void close() {
        close(this.socket);
    }

    private static long notANumber(String... arguments) {
        throw new IllegalStateException("The reply to " + arguments[0] + " is not a number");
    }

    private @Nullable Object readReply() throws IOException {
        String line = readLine();
        String rest = line.substring(1);
        return switch (line.charAt(0)) {
            case '+' -> rest;
            case '-' -> throw new RespException(rest);
            case ':' -> Long.valueOf(rest);
            case '$' -> readBulk(Integer.parseInt(rest));
            case '*' -> readArray(Integer.parseInt(rest));
            default -> throw new IOException("Not RESP2: " + line);
        };
    }

    private @Nullable String readBulk(int length) throws IOException {
        if (length < 0) {
            return null;
        }
        byte[] bytes = this.in.readNBytes(length);
        if (bytes.length < length || this.in.read() != '\r' || this.in.read() != '\n') {
            throw new EOFException("Connection closed within a reply");
        }
        return new String(bytes, StandardCharsets.UTF_8);
    }

    /** Reads all elements before an error among them is thrown, so that the connection stays in step. */
    private @Nullable List<@Nullable Object> readArray(int length) throws IOException {
        if (length < 0) {
            return null;
        }
        List<@Nullable Object> elements = new ArrayList<>(length);
        RespException error = null;
        for (int i = 0; i < length; i++) {
            try {
                elements.add(readReply());
            } catch (RespException ex) {
                error = ex;
            }
        }
        if (error != null) {
            throw error;
        }
        return elements;
    }

    private String readLine() throws IOException {
        ByteArrayOutputStream line = new ByteArrayOutputStream();
        for (int b = this.in.read(); b != '\r'; b = this.in.read()) {
            if (b < 0) {
                throw new EOFException("Connection closed before the reply");
            }
            line.write(b);
        }
        if (this.in.read() != '\n' || line.size() == 0) {
            throw new IOException("Not RESP2");
        }
        return line.toString(StandardCharsets.UTF_8);
    }

    private static void writeLine(ByteArrayOutputStream target, String line) {
        target.writeBytes((line + "\r\n").getBytes(StandardCharsets.US_ASCII));
    }

    private static void close(Socket socket) {
        try {
            socket.close();
        } catch (IOException ex) {
            throw new UncheckedIOException(ex);
        }
    }
}
