package io.github.lockspring.observation;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assumptions.assumeThat;

import com.jayway.jsonpath.JsonPath;
import io.github.lockspring.autoconfigure.LockContextRunners;
import io.micrometer.core.instrument.Meter;
import io.micrometer.prometheusmetrics.PrometheusMeterRegistry;
import java.io.File;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.regex.MatchResult;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.yaml.snakeyaml.Yaml;

/** Alerts, dashboard and reference speak of metrics that an application has whose locks come to every end. */
class ObservabilityFilesTests {

    private static final Path DOCS = Path.of("").toAbsolutePath().getParent().resolve("docs");

    private static final Pattern SAMPLE = Pattern.compile("(?m)^(distributed_lock_\\w+)\\{([^}]*)} ");

    private static final Pattern LABEL = Pattern.compile("(\\w+)=~?\"([^\"]*)\"");

    /** A metric, with what is in braces behind it. */
    private static final Pattern METRIC = Pattern.compile("\\b(distributed_lock_\\w+)(?:\\{([^}]*)})?");

    private static final Pattern GROUPING = Pattern.compile("\\bby \\(([^)]*)\\)");

    private static final Pattern LEGEND = Pattern.compile("\\{\\{ ?(?:\\$labels\\.)?(\\w+) ?}}");

    private static final Pattern ROW =
            Pattern.compile("(?m)^\\| `(distributed\\.lock\\.[a-z.]+)` \\| (\\w+) \\| ([^|]*) \\|");

    /** What Prometheus reads, by metric: the values of each label. */
    private static final Map<String, Map<String, Set<String>>> samples = new TreeMap<>();

    /** The meters: type and tags by name. */
    private static final Map<String, String> meters = new TreeMap<>();

    private static String scraped = "";

    @BeforeAll
    static void scrape() {
        MonitoredApplication.in(LockContextRunners.monitored()).run(context -> {
            assertThat(context).hasNotFailed();
            MonitoredApplication application = new MonitoredApplication(context);
            application.comesToEveryEnd();
            scraped = application.scrape();
            context.getBean(PrometheusMeterRegistry.class).getMeters().stream()
                    .map(Meter::getId)
                    .filter(id -> id.getName().startsWith("distributed.lock"))
                    .forEach(id -> meters.put(
                            id.getName(),
                            id.getType().name().toLowerCase(Locale.ROOT) + " "
                                    + id.getTags().stream()
                                            .map(tag -> tag.getKey())
                                            .sorted()
                                            .toList()));
        });
        SAMPLE.matcher(scraped).results().forEach(sample -> {
            Map<String, Set<String>> labels = samples.computeIfAbsent(sample.group(1), name -> new HashMap<>());
            LABEL.matcher(sample.group(2))
                    .results()
                    .forEach(label -> labels.computeIfAbsent(label.group(1), name -> new HashSet<>())
                            .add(label.group(2)));
            // what Prometheus adds
            labels.put("job", Set.of("shop"));
        });
    }

    @Test
    void everyOutcomeHasBeenCounted() {
        assertThat(counted("distributed_lock_acquire_seconds_count"))
                .containsExactlyInAnyOrder("acquired", "contended", "store-failure", "shutdown", "interrupted");
        assertThat(counted("distributed_lock_hold_seconds_count")).containsExactlyInAnyOrder("released", "lost");
        assertThat(scraped)
                .containsPattern("distributed_lock_hold_seconds_count\\{lock_name=\"order\",outcome=\"lost\"} 1\\b")
                .containsPattern("distributed_lock_handoffs_total\\{lock_name=\"order\"} [1-9]")
                .containsPattern("distributed_lock_handovers_total\\{lock_name=\"order\"} [1-9]")
                .containsPattern("distributed_lock_skipped_total\\{lock_name=\"order\"} 1\\.0")
                .containsPattern("distributed_lock_contended_total\\{lock_name=\"order\"} [1-9]")
                .containsPattern("distributed_lock_renewal_delay_seconds_count\\{lock_name=\"order\"} [1-9]")
                .containsPattern("distributed_lock_renewal_failures_total\\{lock_name=\"order\"} 1\\.0")
                .doesNotContain(String.valueOf(MonitoredApplication.KEY));
    }

    /** The outcomes of a metric that have come about: some meters are there from the start, with zero. */
    private static List<String> counted(String metric) {
        return results(Pattern.compile(metric + "\\{lock_name=\"order\",outcome=\"([^\"]*)\"} [1-9]"), scraped).stream()
                .map(sample -> sample.group(1))
                .toList();
    }

    @Test
    void alertsAreAboutMetricsThatExist() throws IOException {
        Map<String, List<Map<String, Object>>> file =
                new Yaml().load(Files.readString(DOCS.resolve("observability/alerts.yml")));
        List<Map<String, Object>> rules = file.get("groups").stream()
                .flatMap(group -> ((List<Map<String, Object>>) group.get("rules")).stream())
                .toList();
        assertThat(rules).hasSizeGreaterThan(4).allSatisfy(rule -> {
            assertThat(rule).containsKeys("alert", "expr", "labels", "annotations");
            checkExpression((String) rule.get("expr"));
            checkLabels(LEGEND, String.valueOf(rule.get("annotations")), (String) rule.get("expr"));
        });
    }

    /** Where Prometheus is installed: it raises these alarms when it should, and not before. */
    @Test
    void alarmsAreRaisedAsThePrometheusTestsSay() throws IOException, InterruptedException {
        Path promtool = Stream.of(System.getenv("PATH").split(File.pathSeparator))
                .map(directory -> Path.of(directory, "promtool"))
                .filter(Files::isExecutable)
                .findFirst()
                .orElse(null);
        assumeThat(promtool).as("promtool, of Prometheus").isNotNull();

        Process process = new ProcessBuilder(promtool.toString(), "test", "rules", "alerts-test.yml")
                .directory(DOCS.resolve("observability").toFile())
                .redirectErrorStream(true)
                .start();
        String output = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
        assertThat(process.waitFor()).as(output).isZero();
    }

    @Test
    void everyAlarmHasATest() throws IOException {
        Set<Object> tested = new HashSet<>();
        List<Map<String, Object>> tests = (List<Map<String, Object>>) new Yaml()
                .<Map<String, Object>>load(Files.readString(DOCS.resolve("observability/alerts-test.yml")))
                .get("tests");
        tests.stream()
                .flatMap(test -> ((List<Map<String, Object>>) test.get("alert_rule_test")).stream())
                .filter(check -> !((List<?>) check.get("exp_alerts")).isEmpty())
                .forEach(check -> tested.add(check.get("alertname")));

        assertThat(Files.readString(DOCS.resolve("observability/alerts.yml")))
                .satisfies(rules -> assertThat(Pattern.compile("- alert: (\\w+)")
                                .matcher(rules)
                                .results()
                                .map(match -> (Object) match.group(1)))
                        .isNotEmpty()
                        .containsExactlyInAnyOrderElementsOf(tested));
    }

    @Test
    void theDashboardShowsMetricsThatExistAndLeavesOutNone() throws IOException {
        String dashboard = Files.readString(DOCS.resolve("observability/dashboard.json"));
        List<String> expressions = JsonPath.read(dashboard, "$.panels[*].targets[*].expr");
        List<String> legends = JsonPath.read(dashboard, "$.panels[*].targets[*].legendFormat");
        List<String> queries = JsonPath.read(dashboard, "$.templating.list[*].definition");
        assertThat(expressions).hasSizeGreaterThan(10).hasSameSizeAs(legends);
        for (int i = 0; i < expressions.size(); i++) {
            checkExpression(expressions.get(i));
            checkLabels(LEGEND, legends.get(i), expressions.get(i));
        }
        assertThat(queries).hasSize(2).allSatisfy(ObservabilityFilesTests::checkExpression);
        assertThat(queries.get(0)).endsWith(", job)");
        assertThat(queries.get(1)).endsWith(", lock_name)");
        Set<String> shown = expressions.stream()
                .flatMap(expression -> METRIC.matcher(expression).results())
                .map(match -> match.group(1))
                .collect(Collectors.toSet());
        assertThat(meters.keySet())
                .allSatisfy(meter -> assertThat(shown).anyMatch(metric -> metric.startsWith(meter.replace('.', '_'))));
    }

    @Test
    void theReferenceListsAllMeters() throws IOException {
        Map<String, String> listed = new TreeMap<>();
        for (MatchResult row : results(ROW, Files.readString(DOCS.resolve("reference.md")))) {
            listed.put(
                    row.group(1),
                    row.group(2) + " "
                            + Stream.of(row.group(3).split(","))
                                    .map(tag -> tag.replace("`", "").strip())
                                    .sorted()
                                    .toList());
        }
        assertThat(listed).isEqualTo(meters);
        assertThat(listed.keySet())
                .isEqualTo(Stream.of(LockMeter.values())
                        .map(LockMeter::meterName)
                        .collect(Collectors.toCollection(TreeSet::new)));
    }

    private static void checkExpression(String expression) {
        List<MatchResult> metrics = results(METRIC, expression);
        assertThat(metrics).as("metrics in %s", expression).isNotEmpty();
        for (MatchResult metric : metrics) {
            assertThat(samples).as("metrics that exist").containsKey(metric.group(1));
            Map<String, Set<String>> labels = samples.get(metric.group(1));
            for (MatchResult label : results(LABEL, String.valueOf(metric.group(2)))) {
                assertThat(labels).as("labels of %s", metric.group(1)).containsKey(label.group(1));
                if (!label.group(2).startsWith("$")) {
                    assertThat(labels.get(label.group(1))).contains(label.group(2));
                }
            }
            checkLabels(GROUPING, expression, metric.group(1));
        }
    }

    /** What groups, or is shown, is a label of the metric. */
    private static void checkLabels(Pattern pattern, String text, String metricOrExpression) {
        String metric = results(METRIC, metricOrExpression).get(0).group(1);
        for (MatchResult found : results(pattern, text)) {
            assertThat(samples.get(metric))
                    .as("labels of %s", metric)
                    .containsKeys(found.group(1).split(", *"));
        }
    }

    private static List<MatchResult> results(Pattern pattern, String text) {
        Matcher matcher = pattern.matcher(text);
        return matcher.results().toList();
    }
}
