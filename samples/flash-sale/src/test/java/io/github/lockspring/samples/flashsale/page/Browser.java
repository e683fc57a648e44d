package io.github.lockspring.samples.flashsale.page;

import com.jayway.jsonpath.JsonPath;
import java.io.BufferedReader;
import java.io.File;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.net.http.WebSocket;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Base64;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.Stream;
import org.springframework.util.FileSystemUtils;

/** A Chromium without window, and the one page it shows; spoken to by the DevTools protocol. */
final class Browser implements AutoCloseable {

    static final List<String> NAMES = List.of("chromium", "chromium-browser", "google-chrome");

    private static final String LISTENING = "DevTools listening on ";

    private final Path profile = Files.createTempDirectory("browser");

    private final Process process;

    private final WebSocket page;

    private final AtomicInteger commands = new AtomicInteger();

    private final Map<Integer, CompletableFuture<String>> answers = new ConcurrentHashMap<>();

    Browser(Path executable) throws IOException, InterruptedException {
        List<String> command = new ArrayList<>();
        command.add(executable.toString());
        command.addAll(List.of("--headless=new", "--no-sandbox", "--disable-gpu", "--disable-dev-shm-usage"));
        command.addAll(List.of("--no-first-run", "--remote-debugging-port=0", "--user-data-dir=" + this.profile));
        command.add("about:blank");
        this.process = new ProcessBuilder(command).redirectErrorStream(true).start();
        HttpClient client = HttpClient.newHttpClient();
        this.page = client.newWebSocketBuilder()
                .buildAsync(URI.create(pageSocket(client, browserSocket())), new Listener())
                .join();
    }

    /** One that is installed under a usual name. */
    static Optional<Path> installed() {
        return NAMES.stream()
                .flatMap(name -> Arrays.stream(
                                System.getenv().getOrDefault("PATH", "").split(File.pathSeparator))
                        .map(directory -> Path.of(directory, name)))
                .filter(Files::isExecutable)
                .findFirst();
    }

    private URI browserSocket() throws IOException {
        BufferedReader output = this.process.inputReader(StandardCharsets.UTF_8);
        List<String> lines = new ArrayList<>();
        for (String line = output.readLine(); line != null; line = output.readLine()) {
            if (line.startsWith(LISTENING)) {
                Thread rest = new Thread(() -> output.lines().forEach(unread -> {}), "browser-output");
                rest.setDaemon(true);
                rest.start();
                return URI.create(line.substring(LISTENING.length()));
            }
            lines.add(line);
        }
        throw new IOException("The browser does not start: " + lines);
    }

    private static String pageSocket(HttpClient client, URI browser) throws IOException, InterruptedException {
        HttpRequest request = HttpRequest.newBuilder(URI.create("http://127.0.0.1:" + browser.getPort() + "/json/list"))
                .build();
        String pages =
                client.send(request, HttpResponse.BodyHandlers.ofString()).body();
        List<String> sockets = JsonPath.read(pages, "$[?(@.type == 'page')].webSocketDebuggerUrl");
        return sockets.get(0);
    }

    void open(String url) {
        send("Page.navigate", "\"url\": " + quoted(url));
    }

    /** Has the page laid out for a screen of this size. */
    void resize(int width, int height) {
        send(
                "Emulation.setDeviceMetricsOverride",
                "\"width\": " + width + ", \"height\": " + height + ", \"deviceScaleFactor\": 1, \"mobile\": "
                        + (width < 600));
    }

    void prefer(String colorScheme) {
        send(
                "Emulation.setEmulatedMedia",
                "\"features\": [{\"name\": \"prefers-color-scheme\", \"value\": " + quoted(colorScheme) + "}]");
    }

    /** The value of an expression of JavaScript, which must be one of JSON. */
    <T> T evaluate(String expression) {
        return JsonPath.read(execute(expression), "$.result.result.value");
    }

    String execute(String expression) {
        String answer = send("Runtime.evaluate", "\"returnByValue\": true, \"expression\": " + quoted(expression));
        if (answer.contains("\"exceptionDetails\"")) {
            throw new AssertionError(expression + " failed: " + answer);
        }
        return answer;
    }

    /** Takes a picture of the whole page. */
    void screenshot(Path file) throws IOException {
        String answer = send("Page.captureScreenshot", "\"captureBeyondViewport\": true");
        Files.createDirectories(file.getParent());
        Files.write(file, Base64.getDecoder().decode(JsonPath.<String>read(answer, "$.result.data")));
    }

    private String send(String method, String parameters) {
        int id = this.commands.incrementAndGet();
        CompletableFuture<String> answer = new CompletableFuture<>();
        this.answers.put(id, answer);
        this.page.sendText(
                "{\"id\": " + id + ", \"method\": " + quoted(method) + ", \"params\": {" + parameters + "}}", true);
        return answer.orTimeout(60, TimeUnit.SECONDS).join();
    }

    private static String quoted(String text) {
        return '"' + text.replace("\\", "\\\\").replace("\"", "\\\"").replace("\n", "\\n") + '"';
    }

    @Override
    public void close() throws IOException, InterruptedException {
        this.page.abort();
        List<ProcessHandle> all = Stream.concat(Stream.of(this.process.toHandle()), this.process.descendants())
                .toList();
        all.forEach(ProcessHandle::destroyForcibly);
        this.process.waitFor();
        for (ProcessHandle each : all) {
            each.onExit()
                    .completeOnTimeout(each, Duration.ofSeconds(5).toMillis(), TimeUnit.MILLISECONDS)
                    .join();
        }
        FileSystemUtils.deleteRecursively(this.profile);
    }

    /** Completes the command that an answer belongs to. Events, which belong to none, are not asked for. */
    private final class Listener implements WebSocket.Listener {

        private final StringBuilder message = new StringBuilder();

        @Override
        public CompletionStage<?> onText(WebSocket socket, CharSequence data, boolean last) {
            this.message.append(data);
            if (last) {
                String answer = this.message.toString();
                this.message.setLength(0);
                Integer id = JsonPath.read(answer, "$.id");
                answers.remove(id).complete(answer);
            }
            socket.request(1);
            return null;
        }
    }
}
