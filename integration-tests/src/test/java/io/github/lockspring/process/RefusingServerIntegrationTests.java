package io.github.lockspring.process;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.lockspring.LockLease;
import io.github.lockspring.LockOptions;
import io.github.lockspring.LockStoreException;
import io.github.lockspring.LockStoreException.Outcome;
import io.github.lockspring.testredis.RedisCluster;
import io.github.lockspring.testredis.RedisProcess;
import io.github.lockspring.testredis.RespClient;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.Consumer;
import java.util.regex.Pattern;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.MethodSource;
import org.springframework.data.redis.connection.RedisConnectionFactory;
import org.springframework.data.redis.connection.RedisStandaloneConfiguration;

/** What a server refuses until somebody changes its configuration ends a call at once, and nothing goes on after it. */
@Tag("default-line")
class RefusingServerIntegrationTests {

    private static final String PREFIX = "lock:";

    private static final Duration PATIENCE = Duration.ofSeconds(30);

    private static final LockOptions LOCK = LockOptions.named("refused").waitTime(PATIENCE.multipliedBy(10));

    /** Refused commands count as calls only where the server knows them, and as errors everywhere. */
    private static final Pattern ERRORS = Pattern.compile("errorstat_\\w+:count=(\\d+)");

    private static final Pattern BY_DIGEST = Pattern.compile("cmdstat_evalsha:calls=(\\d+)");

    private static final Pattern CONNECTIONS = Pattern.compile("total_connections_received:(\\d+)");

    private static final Pattern SCRIPTS =
            Pattern.compile("(?:cmdstat_eval(?:sha)?:calls=|errorstat_ERR:count=|errorstat_NOPERM:count=)(\\d+)");

    private RedisProcess redis;

    private RespClient inside;

    @AfterEach
    void stop() {
        this.inside.close();
        this.redis.close();
    }

    @ParameterizedTest
    @MethodSource("refusals")
    void endsACallThatWaits(Driver driver, Refused refused) {
        start(refused.arguments);
        try (LockClient client = connect(driver, refused.configuration)) {
            assertRefused(client, refused.words);
        }
    }

    @ParameterizedTest
    @EnumSource
    void endsACallThatWouldQueue(Driver driver) {
        start("--rename-command", "PEXPIRE", "");
        try (LockClient holder = connect(driver, any -> {});
                LockClient client = connect(driver, any -> {});
                LockLease held = holder.locks().acquire(LOCK)) {
            assertThat(held.isHeld()).isTrue();
            assertRefused(client, "'rename-command'");
        }
    }

    @Test
    void clusterIsAskedOfAServerThatBelongsToNone() {
        start();
        RedisConnectionFactory factory = Driver.LETTUCE.connectTo(List.of(this.redis.host() + ":" + this.redis.port()));
        try (LockClient client = LockClient.connect(Driver.LETTUCE, factory, PREFIX, true)) {
            assertRefused(client, "'spring.data.redis.cluster.nodes'");
        }
    }

    @ParameterizedTest
    @EnumSource
    void serverOfAClusterIsAskedAsIfItWereAlone(Driver driver) {
        try (RedisCluster cluster = RedisCluster.started()) {
            this.redis = cluster.masters().get(0);
            this.inside = this.redis.client();
            LockOptions elsewhere = IntStream.range(0, 100)
                    .mapToObj(key -> LockOptions.named("refused").key(key).waitTime(PATIENCE.multipliedBy(10)))
                    .filter(lock -> cluster.masterOf(lock.lockName().fullName()) != this.redis)
                    .findFirst()
                    .orElseThrow();
            try (LockClient client = connect(driver, any -> {})) {
                assertRefused(client, elsewhere, "'spring.data.redis.cluster.nodes'");
            }
        }
    }

    /**
     * The first call that is told so ends the connection; what the others are told, be it an answer, must not have it made
     * anew at once.
     */
    @Test
    void replicaIsConnectedToSeldom() {
        start();
        this.inside.command("REPLICAOF", this.redis.host(), "1");
        try (LockClient client = connect(Driver.LETTUCE, any -> {})) {
            CompletableFuture<?>[] calls = IntStream.range(0, 200)
                    .mapToObj(call -> LOCK.key(call).waitTime(Duration.ZERO))
                    .map(lock -> client.locks().acquireAsync(lock).toCompletableFuture())
                    .toArray(CompletableFuture[]::new);
            assertThat(CompletableFuture.allOf(calls)).failsWithin(PATIENCE);

            long before = count(CONNECTIONS);
            ScheduledExecutorService callers = Executors.newScheduledThreadPool(4);
            for (int caller = 0; caller < 4; caller++) {
                callers.scheduleAtFixedRate(() -> readAndWrite(client), 0, 5, TimeUnit.MILLISECONDS);
            }
            Awaitility.await().pollDelay(Duration.ofSeconds(5)).until(() -> true);
            callers.shutdownNow();

            assertThat(count(CONNECTIONS) - before)
                    .as("connections in five seconds, once a second")
                    .isLessThan(20);
        }
    }

    /** A replica answers the one, and refuses the other. */
    private static void readAndWrite(LockClient client) {
        CompletionStage<LockLease> unused = client.locks().acquireAsync(LOCK.waitTime(Duration.ZERO));
        try {
            assertThat(client.locks().holder("refused")).isEmpty();
        } catch (LockStoreException expected) {
            // while it counts as being down
        }
    }

    @ParameterizedTest
    @EnumSource
    void nothingIsSentOnceNobodyCalls(Driver driver) {
        start(Refused.NO_SCRIPTS.arguments);
        nothingIsSentAfterCalls(driver);
    }

    @ParameterizedTest
    @EnumSource
    void nothingIsSentOnceNobodyCallsAndAScriptMayNotDoItsWork(Driver driver) {
        start(Refused.NO_COMMAND_IN_SCRIPTS.arguments);
        nothingIsSentAfterCalls(driver);
    }

    private void nothingIsSentAfterCalls(Driver driver) {
        try (LockClient client = connect(driver, any -> {})) {
            CompletableFuture<?>[] calls = IntStream.range(0, 100)
                    .mapToObj(call -> LOCK.key(call).waitTime(Duration.ZERO))
                    .map(lock -> client.locks().acquireAsync(lock).toCompletableFuture())
                    .toArray(CompletableFuture[]::new);
            assertThat(CompletableFuture.allOf(calls)).failsWithin(PATIENCE);
            assertThat(calls).allMatch(CompletableFuture::isCompletedExceptionally);

            AtomicLong sent = new AtomicLong(count(SCRIPTS));
            assertThat(sent).hasPositiveValue();
            Awaitility.await()
                    .atMost(PATIENCE)
                    .pollInterval(Duration.ofSeconds(3))
                    .until(() -> {
                        long now = count(SCRIPTS);
                        return sent.getAndSet(now) == now;
                    });
        }
    }

    /** Nor does anything try to connect again and again, however often it is called. */
    @ParameterizedTest
    @EnumSource
    void connectionsThatAreRefusedAreTriedSeldomAndNotAtAllOnceNobodyCalls(Driver driver) {
        start("--requirepass", "right");
        try (LockClient client = connect(driver, server -> server.setPassword("wrong"))) {
            long before = count(CONNECTIONS);
            for (int i = 0; i < 300; i++) {
                assertRefused(client, "'spring.data.redis.password'");
            }
            assertThat(count(CONNECTIONS) - before)
                    .as("connections for 300 calls")
                    .isLessThan(100);

            AtomicLong made = new AtomicLong(count(CONNECTIONS));
            Awaitility.await()
                    .atMost(PATIENCE)
                    .pollInterval(Duration.ofSeconds(4))
                    .until(() -> {
                        long now = count(CONNECTIONS);
                        return made.getAndSet(now) == now;
                    });
        }
    }

    @ParameterizedTest
    @EnumSource
    void callsByTextWhereDigestsAreUnknown(Driver driver) {
        start("--rename-command", "EVALSHA", "");
        try (LockClient client = connect(driver, any -> {}).awaitReady()) {
            assertCallsAreNotRefusedFirst(client);
        }
    }

    @ParameterizedTest
    @EnumSource
    void callsByTextWhileDigestsAreForbidden(Driver driver) {
        start();
        try (LockClient client = connect(driver, any -> {}).awaitReady()) {
            this.inside.command("ACL", "SETUSER", "default", "-evalsha");
            assertCallsAreNotRefusedFirst(client);

            this.inside.command("ACL", "SETUSER", "default", "+evalsha");
            long byDigest = count(BY_DIGEST);
            killConnections();

            Awaitility.await().atMost(PATIENCE).until(() -> {
                client.locks().acquire(LOCK).close();
                return count(BY_DIGEST) > byDigest;
            });
        }
    }

    /** A new connection may begin with commands that an old server does not know, either. */
    private void assertCallsAreNotRefusedFirst(LockClient client) {
        long errors = count(ERRORS);

        for (int i = 0; i < 100; i++) {
            client.locks().acquire(LOCK.key(i)).close();
        }

        assertThat(count(ERRORS) - errors).isLessThan(50);
    }

    @ParameterizedTest
    @EnumSource
    void passwordThatIsChangedIsToldAndWorksAgainOnceItIsKnown(Driver driver) {
        start("--requirepass", "first");
        try (LockClient client =
                connect(driver, redis -> redis.setPassword("first")).awaitReady()) {
            this.inside.command("CONFIG", "SET", "requirepass", "second");
            killConnections();
            Awaitility.await()
                    .atMost(PATIENCE)
                    .untilAsserted(() -> assertRefused(client, "spring.data.redis.password"));

            this.inside.command("CONFIG", "SET", "requirepass", "first");

            Awaitility.await()
                    .atMost(PATIENCE)
                    .ignoreExceptions()
                    .untilAsserted(() -> client.locks().acquire(LOCK).close());
        }
    }

    private static Stream<Arguments> refusals() {
        return Stream.of(Driver.values())
                .flatMap(driver -> Stream.of(Refused.values()).map(refused -> Arguments.of(driver, refused)));
    }

    private static void assertRefused(LockClient client, String words) {
        assertRefused(client, LOCK, words);
    }

    private static void assertRefused(LockClient client, LockOptions lock, String words) {
        assertThat(client.locks().acquireAsync(lock))
                .failsWithin(PATIENCE)
                .withThrowableOfType(ExecutionException.class)
                .havingCause()
                .isInstanceOfSatisfying(
                        LockStoreException.class,
                        failure -> assertThat(failure.getOutcome()).isEqualTo(Outcome.REFUSED))
                .withMessageContaining(words);
    }

    private void start(String... arguments) {
        this.redis = RedisProcess.started(arguments);
        this.inside = this.redis.client();
        List<String> words = List.of(arguments);
        int password = words.indexOf("--requirepass") + 1;
        if (password > 0) {
            this.inside.command("AUTH", words.get(password));
        }
    }

    private LockClient connect(Driver driver, Consumer<RedisStandaloneConfiguration> configuration) {
        RedisStandaloneConfiguration server = new RedisStandaloneConfiguration(this.redis.host(), this.redis.port());
        configuration.accept(server);
        return LockClient.connect(driver, driver.connectTo(server), PREFIX, true);
    }

    private void killConnections() {
        this.inside.command("CLIENT", "KILL", "TYPE", "pubsub");
        this.inside.command("CLIENT", "KILL", "TYPE", "normal", "SKIPME", "yes");
    }

    private long count(Pattern numbers) {
        return numbers.matcher(String.valueOf(this.inside.text("INFO", "all")))
                .results()
                .mapToLong(number -> Long.parseLong(number.group(1)))
                .sum();
    }

    /** What is refused, and the words of the message that say what to change. */
    private enum Refused {
        NO_SCRIPTS("'rename-command'", any -> {}, "--rename-command", "EVAL", "", "--rename-command", "EVALSHA", ""),
        NO_PERMISSION(
                "+eval +evalsha",
                any -> {},
                "--user",
                "default",
                "on",
                "nopass",
                "~*",
                "&*",
                "+@all",
                "-eval",
                "-evalsha"),
        NO_COMMAND_IN_SCRIPTS("'rename-command'", any -> {}, "--rename-command", "ZREM", ""),
        WRONG_PASSWORD("'spring.data.redis.password'", server -> server.setPassword("wrong"), "--requirepass", "right"),
        NO_PASSWORD("'spring.data.redis.password'", any -> {}, "--requirepass", "right"),
        NO_SUCH_DATABASE("'spring.data.redis.database'", server -> server.setDatabase(99));

        private final String words;

        private final Consumer<RedisStandaloneConfiguration> configuration;

        private final String[] arguments;

        Refused(String words, Consumer<RedisStandaloneConfiguration> configuration, String... arguments) {
            this.words = words;
            this.configuration = configuration;
            this.arguments = arguments;
        }
    }
}
