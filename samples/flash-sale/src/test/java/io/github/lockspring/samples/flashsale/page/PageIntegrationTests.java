package io.github.lockspring.samples.flashsale.page;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assumptions.assumeThat;
import static org.awaitility.Awaitility.await;

import com.jayway.jsonpath.JsonPath;
import io.github.lockspring.samples.support.SampleRun;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.MethodOrderer;
import org.junit.jupiter.api.Order;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestMethodOrder;
import org.junit.jupiter.api.Timeout;
import org.springframework.core.io.ClassPathResource;

/** The page of one sale, which all tests share since it takes its time to start. */
@Timeout(240)
@TestMethodOrder(MethodOrderer.OrderAnnotation.class)
class PageIntegrationTests {

    private static final Duration PATIENCE = Duration.ofSeconds(120);

    private static final int STOCK = 300;

    private static final int CUSTOMERS = 800;

    private static final String WITHOUT_LOCK = "without lock";

    private static final String WITH_LOCK = "with @DistributedLock";

    private static final Pattern ADDRESS = Pattern.compile("page +(http://127\\.0\\.0\\.1:\\d+)");

    private static SampleRun sale;

    private static String address;

    private final HttpClient client = HttpClient.newHttpClient();

    @BeforeAll
    static void start() throws IOException {
        sale = new SampleRun(
                "--page",
                "--server.port=0",
                "--flash-sale.processes=2",
                "--flash-sale.stock=" + STOCK,
                "--flash-sale.customers=" + CUSTOMERS);
        await().atMost(PATIENCE)
                .until(() ->
                        ADDRESS.matcher(sale.output()).find() || !sale.handle().isAlive());
        Matcher matcher = ADDRESS.matcher(sale.output());
        assertThat(matcher.find()).as(sale.output()).isTrue();
        address = matcher.group(1);
    }

    @AfterAll
    static void end() {
        sale.close();
    }

    @BeforeEach
    void reset() {
        await().atMost(PATIENCE).until(() -> post("/reset").join() == 202);
    }

    @Test
    @Order(1)
    void sendsTheFiguresOfBothPasses() {
        Events events = new Events();
        sell("WITHOUT_LOCK");
        events.await("$.passes.WITHOUT_LOCK.finished", true);
        sell("WITH_LOCK");
        events.await("$.passes.WITH_LOCK.finished", true);
        events.await("$.lock.acquired", CUSTOMERS);

        String last = events.last();
        assertThat(JsonPath.<List<List<String>>>read(last, "$.table"))
                .as("the table, beside that of the command line")
                .satisfies(table -> assertThat(table.get(1)).endsWith(cells(WITHOUT_LOCK)))
                .satisfies(table -> assertThat(table.get(2)).endsWith(cells(WITH_LOCK)));
        assertThat(sale.output()).contains(JsonPath.<String>read(last, "$.conclusion.success"));
        assertThat(figures(last, "WITHOUT_LOCK", "orders", "oversold")).isEqualTo(sale(WITHOUT_LOCK, 1, 2));
        assertThat(figures(last, "WITH_LOCK", "orders", "oversold", "stockLeft", "served"))
                .containsExactly(STOCK, 0, 0, CUSTOMERS);

        int handOvers = JsonPath.read(last, "$.lock.handOvers");
        int handOffs = JsonPath.read(last, "$.lock.handOffs");
        assertThat(handOvers).isPositive();
        assertThat(handOffs).isPositive();
        assertThat(handOvers + handOffs).isLessThanOrEqualTo(CUSTOMERS);
        assertThat(events.withHolder()).as("while customers are served").anySatisfy(event -> {
            assertThat(JsonPath.<String>read(event, "$.lock.holder.thread")).startsWith("seller-");
            assertThat(JsonPath.<String>read(event, "$.lock.holder.token")).matches("\\d{18,19}");
            assertThat(JsonPath.<List<Integer>>read(event, "$.lock.processes[*].waiting"))
                    .anyMatch(waiting -> waiting > 0);
            assertThat(JsonPath.<Integer>read(event, "$.passes.WITH_LOCK.served"))
                    .isLessThan(CUSTOMERS);
        });
    }

    @Test
    @Order(2)
    void refusesToStartAPassWhileOneRuns() {
        sell("WITH_LOCK");
        assertThat(post("/passes/WITH_LOCK").join()).isEqualTo(409);
        assertThat(post("/passes/WITHOUT_LOCK").join()).isEqualTo(409);
        assertThat(post("/reset").join()).isEqualTo(409);
        Events events = new Events();
        events.await("$.passes.WITH_LOCK.finished", true);
        assertThat(JsonPath.<List<String>>read(events.last(), "$.table[*][0]")).isEqualTo(List.of("", WITH_LOCK));
    }

    @Test
    @Order(3)
    void showsInABrowserWhatTheCommandLineSays() throws Exception {
        try (Browser browser = new Browser(chromium())) {
            browser.open(address);
            click(browser, "sell-without", "WITHOUT_LOCK");
            click(browser, "sell-with", "WITH_LOCK");
            await().atMost(PATIENCE)
                    .until(() -> text(browser, "#lock [data-value=acquired]").equals(Integer.toString(CUSTOMERS)));

            List<List<String>> columns = Stream.of(2, 3)
                    .map(column -> texts(browser, "#result td:nth-child(" + column + ")"))
                    .toList();
            assertThat(columns).containsExactly(List.of(cells(WITHOUT_LOCK)), List.of(cells(WITH_LOCK)));
            assertThat(sale.output()).contains(text(browser, "#verdict"));
            assertThat(text(browser, "[data-pass=WITHOUT_LOCK] [data-value=orders]"))
                    .isEqualTo(cells(WITHOUT_LOCK)[1]);
            assertThat(text(browser, "[data-pass=WITHOUT_LOCK] [data-value=oversold]"))
                    .isEqualTo(cells(WITHOUT_LOCK)[2]);
            assertThat(text(browser, "[data-pass=WITH_LOCK] [data-value=orders]"))
                    .isEqualTo(cells(WITH_LOCK)[1]);
            assertThat(text(browser, "[data-pass=WITH_LOCK] [data-value=oversold]"))
                    .isEqualTo("0");

            checkEveryScreen(browser, "done");
        }
    }

    @Test
    @Order(4)
    void showsInABrowserWhereTheLockIs() throws Exception {
        try (Browser browser = new Browser(chromium())) {
            browser.open(address);
            awaitButton(browser, "sell-with");
            browser.execute("document.getElementById('sell-with').click()");
            await().atMost(PATIENCE)
                    .until(() -> !texts(browser, ".process.latest h3").isEmpty());
            browser.execute("source.close()");
            assertThat(texts(browser, ".process.latest h3")).hasSize(1);
            assertThat(text(browser, "[data-value=holder]")).contains(", thread seller-");
            checkEveryScreen(browser, "selling");
        }
    }

    @Test
    @Order(5)
    void endsWithItsProcessesWhenItIsStoppedDuringAPass() throws Exception {
        List<ProcessHandle> started = sale.handle().descendants().toList();
        assertThat(started).as("two shops, Redis and its guard").hasSizeGreaterThanOrEqualTo(3);
        Events events = new Events();
        sell("WITH_LOCK");
        events.await("$.running", "WITH_LOCK");
        sale.handle().destroy();
        sale.exitCode();
        await().atMost(Duration.ofSeconds(30)).until(() -> started.stream().noneMatch(SampleRun::isRunning));
        await().atMost(Duration.ofSeconds(30)).until(events.stream::isDone);
        assertThat(sale.output()).doesNotContain("broken off", "Exception");
    }

    private void sell(String pass) {
        await().atMost(PATIENCE).until(() -> post("/passes/" + pass).join() == 202);
    }

    private CompletableFuture<Integer> post(String path) {
        HttpRequest request = HttpRequest.newBuilder(URI.create(address + path))
                .POST(HttpRequest.BodyPublishers.noBody())
                .build();
        return this.client
                .sendAsync(request, HttpResponse.BodyHandlers.discarding())
                .thenApply(HttpResponse::statusCode);
    }

    private static String[] cells(String description) {
        return sale.cells(description).toArray(String[]::new);
    }

    private static List<Integer> sale(String description, int... columns) {
        return IntStream.of(columns)
                .mapToObj(column -> Integer.valueOf(cells(description)[column]))
                .toList();
    }

    private static List<Integer> figures(String event, String pass, String... names) {
        return Stream.of(names)
                .map(name -> JsonPath.<Integer>read(event, "$.passes." + pass + "." + name))
                .toList();
    }

    private static Path chromium() {
        Optional<Path> installed = Browser.installed();
        assumeThat(installed)
                .as("a browser on the PATH, one of " + Browser.NAMES)
                .isPresent();
        return installed.get();
    }

    private static void click(Browser browser, String button, String pass) {
        awaitButton(browser, button);
        browser.execute("document.getElementById('" + button + "').click()");
        await().atMost(PATIENCE)
                .until(() -> text(browser, "[data-pass=" + pass + "] [data-value=state]")
                        .startsWith("done"));
    }

    private static void awaitButton(Browser browser, String button) {
        await().atMost(PATIENCE)
                .until(() ->
                        texts(browser, "#" + button + "[aria-disabled=false]").size() == 1);
    }

    private static String text(Browser browser, String selector) {
        return browser.evaluate("document.querySelector('" + selector + "').textContent");
    }

    private static List<String> texts(Browser browser, String selector) {
        return browser.evaluate(
                "[...document.querySelectorAll('" + selector + "')].map(element => element.textContent)");
    }

    /** Looks for defects of layout and colours, by a script inside the page, and takes a picture of each screen. */
    private static void checkEveryScreen(Browser browser, String moment) throws IOException {
        String check = new ClassPathResource("check-page.js").getContentAsString(StandardCharsets.UTF_8);
        for (int width : List.of(360, 1280)) {
            for (String scheme : List.of("light", "dark")) {
                browser.resize(width, 800);
                browser.prefer(scheme);
                String screen = moment + "-" + scheme + "-" + width;
                browser.screenshot(Path.of("target", "page", screen + ".png"));
                assertThat(browser.<List<String>>evaluate(check)).as(screen).isEmpty();
            }
        }
    }

    /** What an open page receives. */
    private final class Events {

        private final List<String> all = new CopyOnWriteArrayList<>();

        private final CompletableFuture<Void> stream;

        Events() {
            HttpRequest request =
                    HttpRequest.newBuilder(URI.create(address + "/figures")).build();
            this.stream = client.sendAsync(request, HttpResponse.BodyHandlers.ofLines())
                    .thenAcceptAsync(response -> response.body()
                            .filter(line -> line.startsWith("data:"))
                            .map(line -> line.substring("data:".length()))
                            .forEach(this.all::add));
            await("$.size.stock", STOCK);
        }

        String last() {
            return this.all.get(this.all.size() - 1);
        }

        void await(String path, Object value) {
            org.awaitility.Awaitility.await(path)
                    .atMost(PATIENCE)
                    .ignoreExceptions()
                    .until(() -> value.equals(JsonPath.read(last(), path)));
        }

        List<String> withHolder() {
            return this.all.stream()
                    .filter(event -> event.contains("\"running\":\"WITH_LOCK\"") && event.contains("\"holder\":{"))
                    .toList();
        }
    }
}
