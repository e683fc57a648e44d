package io.github.lockspring.redis;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;
import static org.mockito.ArgumentMatchers.any;
import static org.mockito.BDDMockito.given;
import static org.mockito.BDDMockito.then;
import static org.mockito.Mockito.RETURNS_DEEP_STUBS;
import static org.mockito.Mockito.mock;
import static org.mockito.Mockito.never;
import static org.mockito.Mockito.times;

import ch.qos.logback.classic.Level;
import io.github.lockspring.LogCapture;
import io.github.lockspring.store.DaemonThreads;
import io.github.lockspring.store.StoreReport;
import java.time.Duration;
import java.util.List;
import java.util.Properties;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.ThreadFactory;
import java.util.concurrent.ThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.Supplier;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.mockito.BDDMockito;
import org.springframework.data.redis.connection.ClusterSlotHashUtil;
import org.springframework.data.redis.connection.RedisConnectionFactory;

class ServerProbeTests {

    private static final String SAFE = "time:1\nredis_version:7.2.4\nrole:master\nmaxmemory_policy:noeviction";

    private static final String EVICTING =
            "time:1\nredis_version:7.2.4\nrole:master\nmaxmemory:100\nmaxmemory_policy:allkeys-lru";

    private static final String NODE = "cluster_enabled:1\nredis_version:7.2.4\nrole:master";

    private static final String EVICTING_NODE = EVICTING + "\ncluster_enabled:1";

    private final LogCapture log = LogCapture.info(ServerProbe.class);

    private final RedisLink link = mock();

    private final RedisConnectionFactory factory = mock(RETURNS_DEEP_STUBS);

    private final AtomicInteger found = new AtomicInteger();

    private final AtomicLong now = new AtomicLong();

    /** They last until the test ends them. */
    private final BlockingQueue<Pause> pauses = new LinkedBlockingQueue<>();

    private final ThreadPoolExecutor thread = DaemonThreads.pool("redis-probe", 1, Integer.MAX_VALUE);

    private final ServerProbe probe = new ServerProbe(
            this.link,
            new KeyLayout("lock:"),
            this.factory,
            RedisServerLabel.DEFAULT,
            this.now::get,
            this.found::incrementAndGet,
            millis -> end -> this.pauses.add(new Pause(millis, end)),
            this.thread);

    @AfterEach
    void close() {
        this.probe.close();
        awaitWhatIsBeingWritten();
        this.log.close();
    }

    /** Otherwise the next test would find it. */
    private static void awaitWhatIsBeingWritten() {
        CompletableFuture<Void> written = new CompletableFuture<>();
        OutageLog.writeLater(() -> written.complete(null));
        written.join();
    }

    @Test
    void asksOverEachNewConnectionAndSaysSoOnce() {
        commands().willReturn(reply(SAFE));
        this.probe.tryNow();
        await().until(() -> !this.log.said().isEmpty());
        this.probe.tryNow();
        await().untilAsserted(() -> then(this.link).should(times(2)).run(any(), any()));
        this.probe.tryNow();
        await().untilAsserted(() -> then(this.link).should(times(3)).run(any(), any()));
        awaitWhatIsBeingWritten();
        assertThat(this.log.said(Level.INFO))
                .singleElement()
                .asString()
                .startsWith("Locks are kept by Redis 7.2.4 at ");
        assertThat(this.probe.report().details()).containsEntry("maxmemoryPolicy", "noeviction");
        assertThat(this.found).hasValue(1);
        assertThat(this.pauses).as("further questions").isEmpty();
    }

    @Test
    void asksLaterIfNoThreadCanBeCreated() {
        commands().willReturn(reply(SAFE));
        ThreadFactory factory = this.thread.getThreadFactory();
        this.thread.setThreadFactory(runnable -> {
            throw new OutOfMemoryError("unable to create native thread");
        });
        this.probe.tryNow();
        assertThat(this.pauses).hasSize(1);
        then(this.link).should(never()).run(any(), any());

        this.thread.setThreadFactory(factory);
        endPause();
        await().until(() -> this.found.get() == 1);
    }

    /** As after a restart of the server with other settings. */
    @Test
    void tellsAProblemAgainThatWasCorrectedInTheMeantime() {
        AtomicReference<String> answer = new AtomicReference<>(SAFE);
        commands().willAnswer(invocation -> reply(answer.get()));
        this.probe.tryNow();
        await().until(() -> !this.log.said().isEmpty());
        for (int i = 1; i <= 2; i++) {
            answer.set(EVICTING);
            this.probe.tryNow();
            await().until(() -> this.probe.report().problems().size() == 1);
            answer.set(SAFE);
            this.probe.tryNow();
            await().until(() -> this.probe.report().problems().isEmpty());
        }
        awaitWhatIsBeingWritten();
        assertThat(this.log.said(Level.WARN)).hasSize(2).allMatch(said -> said.contains("allkeys-lru"));
        assertThat(this.log.said(Level.INFO)).hasSize(3).allMatch(said -> said.contains("noeviction"));
    }

    @Test
    void tellsWhileNoLockCanBeTaken() {
        AtomicReference<String> answer = new AtomicReference<>(
                SAFE + "\nunwritable:@user_script: 31: -OOM command not allowed when used memory > 'maxmemory'.");
        commands().willAnswer(invocation -> reply(answer.get()));
        this.probe.tryNow();
        endShortPauses();
        Pause pause = nextPause();
        assertThat(pause.millis()).isEqualTo(5000);
        assertThat(this.probe.report().available()).isFalse();
        assertThat(this.probe.report().problems())
                .singleElement()
                .asString()
                .startsWith(
                        "it refuses to write: OOM command not allowed when used memory > 'maxmemory'. Increase maxmemory");
        answer.set(SAFE);
        pause.end().run();
        await().until(() -> this.probe.report().available());
        awaitWhatIsBeingWritten();
        assertThat(this.log.said(Level.WARN))
                .singleElement()
                .asString()
                .startsWith("Locks cannot be taken from Redis at ")
                .contains("refuses to write: OOM ");
        assertThat(this.log.said(Level.INFO)).hasSize(2);
    }

    /** As of a store that no engine uses. */
    @Test
    void doesNotBeginWithARefusedLock() {
        this.probe.doubt();
        assertThat(this.thread.getTaskCount()).isZero();
    }

    @Test
    void tellsThatLocksCanNoLongerBeTaken() {
        AtomicReference<String> answer = new AtomicReference<>(SAFE);
        commands().willAnswer(invocation -> reply(answer.get()));
        this.probe.tryNow();
        await().until(() -> !this.log.said().isEmpty());
        answer.set(SAFE + "\nunwritable:MISCONF Redis is configured to save RDB snapshots");
        this.probe.doubt();
        endShortPauses();
        assertThat(nextPause().millis()).isEqualTo(5000);
        assertThat(this.probe.report().available()).isFalse();
        this.now.addAndGet(5000);
        this.probe.doubt();
        awaitWhatIsBeingWritten();
        then(this.link).should(times(5)).run(any(), any());
        assertThat(this.log.said(Level.WARN)).hasSize(1);
    }

    @Test
    void locksCanBeTakenAsLongAsOneServerOfAClusterTakesThem() {
        cluster(() -> reply(SAFE), () -> reply(SAFE + "\nunwritable:NOREPLICAS Not enough good replicas to write."));
        this.probe.tryNow();
        endShortPauses();
        await().until(() -> !this.probe.report().problems().isEmpty());
        assertThat(this.probe.report().available()).isTrue();
        assertThat(this.probe.report().problems())
                .singleElement()
                .asString()
                .contains("min-replicas-to-write")
                .endsWith("(1 of 2 servers)");
    }

    @Test
    void asksAgainWhenALockIsRefusedButNotAtEachOne() {
        commands().willReturn(reply(SAFE.replace("time:1\n", "")));
        this.probe.tryNow();
        await().until(() -> !this.log.said().isEmpty());
        then(this.link).should(times(1)).run(any(), any());
        for (int asked = 2; asked <= 4; asked++) {
            StoreReport before = this.probe.report();
            this.probe.doubt();
            await().until(() -> this.probe.report() != before);
            this.now.addAndGet(4999);
            this.probe.doubt();
            this.now.addAndGet(1);
        }
        then(this.link).should(times(4)).run(any(), any());
    }

    @Test
    void asksAgainUntilWhatIsWrongHasBeenCorrected() {
        commands().willReturn(reply(EVICTING)).willReturn(reply(EVICTING)).willReturn(reply(SAFE));
        this.probe.tryNow();
        await().until(() -> this.probe.report().problems().size() == 1);
        StoreReport first = this.probe.report();
        this.probe.tryNow();
        await().until(() -> this.probe.report() != first);
        this.probe.tryNow();
        await().until(() -> this.probe.report().problems().isEmpty());
        awaitWhatIsBeingWritten();
        assertThat(this.log.said(Level.INFO)).hasSize(2);
        assertThat(this.log.said(Level.WARN)).hasSize(1);
        assertThat(this.found).hasValue(1);
        then(this.link).should(times(3)).run(any(), any());
    }

    @Test
    void asksAgainWithoutAWordUntilThereIsAnAnswer() {
        commands().willReturn(notSent()).willReturn(notSent()).willReturn(reply(SAFE));
        this.probe.tryNow();
        nextPause();
        awaitWhatIsBeingWritten();
        assertThat(this.log.said()).isEmpty();
        assertThat(this.probe.report()).isEqualTo(StoreReport.EMPTY);
        // a server has come back, before the pause is over
        this.probe.tryNow();
        nextPause();
        this.probe.tryNow();
        await().until(() -> !this.log.said().isEmpty());
        assertThat(this.log.said()).hasSize(1);
        then(this.link).should(times(3)).run(any(), any());
    }

    @Test
    void waitsAMomentWhereTheQuestionTakesAConnection() {
        commands().willReturn(reply(SAFE));
        this.probe.start();
        Pause pause = nextPause();
        then(this.link).should(never()).run(any(), any());
        assertThat(pause.millis()).isEqualTo(1000);
        pause.end().run();
        await().until(() -> !this.log.said().isEmpty());
        then(this.link).should(times(1)).run(any(), any());
    }

    @Test
    void asksAgainByItselfLessAndLessOften() {
        AtomicReference<CompletableFuture<ScriptReply>> answer = new AtomicReference<>(notSent());
        commands().willAnswer(invocation -> answer.get());
        this.probe.tryNow();
        List<Long> millis = Stream.generate(this::endPause).limit(6).toList();
        assertThat(millis).containsExactly(1000L, 2000L, 4000L, 8000L, 16_000L, 30_000L);
        Pause last = nextPause();
        assertThat(last.millis()).isEqualTo(30_000);
        answer.set(reply(SAFE));
        last.end().run();
        await().until(() -> !this.log.said().isEmpty());
        assertThat(this.log.said()).hasSize(1);
    }

    @Test
    void doesNotAskWhileThereIsNoAnswer() {
        CompletableFuture<ScriptReply> answer = new CompletableFuture<>();
        commands().willReturn(answer);
        this.probe.tryNow();
        this.probe.tryNow();
        await().untilAsserted(() -> then(this.link).should().run(any(), any()));
        answer.complete(new ScriptReply(List.of(KeyLayout.bytes(SAFE))));
        await().until(() -> !this.log.said().isEmpty());
        then(this.link).should(times(1)).run(any(), any());
    }

    @Test
    void saysWhatIsUnsafe() {
        commands().willReturn(reply(EVICTING));
        this.probe.tryNow();
        await().until(() -> this.log.said().size() == 2);
        assertThat(this.log.said(Level.WARN))
                .singleElement()
                .asString()
                .startsWith("Locks are not safe with Redis at ")
                .contains("maxmemory-policy is allkeys-lru");
        assertThat(this.probe.report().problems()).hasSize(1);
    }

    @Test
    void replicaMayBecomeAPrimary() {
        commands().willReturn(reply("role:slave")).willReturn(reply(SAFE));
        this.probe.tryNow();
        endPause();
        await().until(() -> !this.log.said().isEmpty());
        assertThat(this.log.said(Level.WARN)).isEmpty();
        assertThat(this.probe.report().details()).containsEntry("role", "primary");
    }

    @Test
    void asksWithoutAScriptWhereScriptsMayNot() {
        Properties fields = new Properties();
        fields.setProperty("redis_version", "7.4.3");
        given(this.factory.getConnection().serverCommands().info()).willReturn(fields);
        commands().willReturn(reply("time:1\nrefused:ERR This Redis command is not allowed from scripts"));
        this.probe.tryNow();
        await().until(() -> !this.log.said().isEmpty());
        assertThat(this.log.said()).singleElement().asString().startsWith("Locks are kept by Redis 7.4.3 at ");
    }

    @Test
    void doesWithoutInfoWhereTheUserMayNot() {
        commands()
                .willReturn(reply(
                        "time:1\nrefused:ERR The user executing the script can't run this command or subcommand"));
        this.probe.tryNow();
        await().until(() -> !this.log.said().isEmpty());
        assertThat(this.log.said()).singleElement().asString().contains("a server of unknown version");
        assertThat(this.probe.report().problems()).isEmpty();
        then(this.factory).should(never()).getConnection();
    }

    @Test
    void saysThatScriptsAreNotPermitted() {
        commands().willReturn(refused("NOPERM no permissions to run 'eval'", ServerRefusal.PERMISSION));
        this.probe.tryNow();
        await().until(() -> !this.log.said().isEmpty());
        assertThat(this.log.said(Level.WARN))
                .singleElement()
                .asString()
                .startsWith("Locks cannot be taken: Redis refused probe.lua: NOPERM")
                .contains("ACL SETUSER");
        assertThat(this.probe.report().problems()).hasSize(1);
    }

    /** Over a new connection, such as one after the permissions were changed. */
    @Test
    void asksAgainAfterARefusalWhenThereIsANewConnection() {
        CompletableFuture<ScriptReply> refused = refused("NOPERM", ServerRefusal.PERMISSION);
        commands().willReturn(refused).willReturn(refused).willReturn(reply(SAFE));
        this.probe.tryNow();
        nextPause();
        this.probe.tryNow();
        nextPause();
        this.probe.tryNow();
        await().until(() -> !this.log.said(Level.INFO).isEmpty());
        assertThat(this.log.said(Level.WARN)).hasSize(1);
        assertThat(this.probe.report().problems()).isEmpty();
    }

    @Test
    void asksEveryServerOfACluster() {
        twoServers();
        commands()
                .willReturn(reply("cluster_enabled:1\nredis_version:7.0.1"))
                .willReturn(reply("cluster_enabled:1\nredis_version:7.0.2"));
        this.probe.tryNow();
        await().until(() -> !this.log.said().isEmpty());
        assertThat(this.probe.report().details())
                .containsEntry("primaries", "2")
                .containsEntry("version", "7.0.1, 7.0.2");
        then(this.link).should(times(2)).run(any(), any());
    }

    @Test
    void asksAClusterAgainIfOneOfItsServersHasNotAnswered() {
        twoServers();
        String answer = "cluster_enabled:1\nredis_version:7.0.1";
        commands().willReturn(reply(answer)).willReturn(notSent()).willReturn(reply(answer));
        this.probe.tryNow();
        assertThat(endPause()).isEqualTo(1000);
        await().until(() -> !this.log.said().isEmpty());
        assertThat(this.probe.report().details()).containsEntry("primaries", "2");
        then(this.link).should(times(4)).run(any(), any());
    }

    /** As when another thread has asked for them. */
    @Test
    void serversOfAClusterMayBecomeKnownAtAnyMoment() {
        AtomicInteger answers = new AtomicInteger();
        AtomicInteger calls = new AtomicInteger();
        given(this.link.clustered()).willReturn(true);
        given(this.link.serverOf(any())).willAnswer(invocation -> {
            ScriptCall call = invocation.getArgument(0);
            boolean known = calls.incrementAndGet() > 10_000 || answers.get() > 1;
            return !known ? null : ClusterSlotHashUtil.calculateSlot(call.keys()[0]) < 8192 ? "low" : "high";
        });
        commands().willAnswer(invocation -> {
            answers.incrementAndGet();
            return reply("cluster_enabled:1");
        });
        this.probe.tryNow();
        endPause();
        await().until(() -> !this.log.said().isEmpty());
        assertThat(this.probe.report().details()).containsEntry("primaries", "2");
    }

    @Test
    void goesOnWithoutAServerOfAClusterThatDoesNotAnswerUntilItDoes() {
        AtomicReference<CompletableFuture<ScriptReply>> second = new AtomicReference<>(notSent());
        cluster(() -> reply(NODE), second::get);
        this.probe.tryNow();
        endShortPauses();
        Pause pause = nextPause();
        assertThat(pause.millis()).isEqualTo(30_000);
        assertThat(this.probe.report().details()).containsEntry("primaries", "1 of 2");
        assertThat(this.probe.report().problems()).isEmpty();

        second.set(reply(EVICTING_NODE));
        pause.end().run();
        await().until(() -> !this.log.said(Level.WARN).isEmpty());
        assertThat(this.probe.report().details()).containsEntry("primaries", "2");
        assertThat(this.probe.report().problems()).hasSize(1);
        assertThat(this.found).hasValue(1);
    }

    @Test
    void keepsTheProblemOfAServerOfAClusterThatDoesNotAnswer() {
        AtomicReference<CompletableFuture<ScriptReply>> second = new AtomicReference<>(reply(EVICTING_NODE));
        cluster(() -> reply(NODE), second::get);
        this.probe.tryNow();
        Pause pause = nextPause();
        assertThat(pause.millis()).isEqualTo(30_000);
        List<String> problems = this.probe.report().problems();
        assertThat(problems).hasSize(1);

        second.set(notSent());
        pause.end().run();
        endShortPauses();
        pause = nextPause();
        assertThat(pause.millis()).isEqualTo(30_000);
        assertThat(this.probe.report().details()).containsEntry("primaries", "1 of 2");
        assertThat(this.probe.report().problems()).isEqualTo(problems);

        second.set(reply(NODE));
        pause.end().run();
        await().until(() -> this.probe.report().problems().isEmpty());
        assertThat(this.probe.report().details()).containsEntry("primaries", "2");
        awaitWhatIsBeingWritten();
        assertThat(this.log.said(Level.WARN)).hasSize(1);
        this.probe.tryNow();
        await().during(Duration.ofMillis(100)).until(this.pauses::isEmpty);
    }

    /** It is one of 1 of 2 servers first, and of all that answer later. */
    @Test
    void doesNotTellAProblemTwiceForItsNumbers() {
        AtomicReference<CompletableFuture<ScriptReply>> second = new AtomicReference<>(reply(NODE));
        cluster(() -> reply(EVICTING_NODE), second::get);
        this.probe.tryNow();
        Pause pause = nextPause();
        second.set(notSent());
        pause.end().run();
        endShortPauses();
        nextPause();
        assertThat(this.probe.report().details()).containsEntry("primaries", "1 of 2");
        assertThat(this.probe.report().problems()).hasSize(1);
        awaitWhatIsBeingWritten();
        assertThat(this.log.said(Level.WARN)).hasSize(1);
    }

    @Test
    void doesNotTellTwiceThatAClockDiffersWhileItDrifts() {
        commands().willReturn(reply("time:-3000000")).willReturn(reply("time:-5000000"));
        this.probe.tryNow();
        endPause();
        nextPause();
        assertThat(this.probe.report().problems()).singleElement().asString().contains("5 s behind");
        awaitWhatIsBeingWritten();
        assertThat(this.log.said()).hasSize(2).element(1).asString().contains("3 s behind");
    }

    /** As after ACL SETUSER, which has effect on connections that are there. */
    @Test
    void looksAgainAtWhatWasRefused() {
        commands().willReturn(refused("NOPERM", ServerRefusal.PERMISSION)).willReturn(reply(SAFE));
        this.probe.tryNow();
        Pause pause = nextPause();
        assertThat(pause.millis()).isEqualTo(5000);
        assertThat(this.probe.report().problems()).hasSize(1);
        pause.end().run();
        await().until(() -> !this.log.said(Level.INFO).isEmpty());
        assertThat(this.probe.report().problems()).isEmpty();
        assertThat(this.log.said(Level.WARN)).hasSize(1);
    }

    @Test
    void reportsWhatIsRefusedAgain() {
        commands()
                .willReturn(refused("NOPERM", ServerRefusal.PERMISSION))
                .willReturn(reply(EVICTING))
                .willReturn(refused("NOPERM", ServerRefusal.PERMISSION))
                .willReturn(refused("MOVED 0 127.0.0.1:7001", ServerRefusal.CLUSTER));
        this.probe.tryNow();
        endPause();
        Pause pause = nextPause();
        assertThat(problem()).contains("allkeys-lru");
        pause.end().run();
        pause = nextPause();
        assertThat(pause.millis()).isEqualTo(5000);
        assertThat(problem()).contains("NOPERM");
        pause.end().run();
        nextPause();
        assertThat(problem()).contains("MOVED");
        awaitWhatIsBeingWritten();
        assertThat(this.log.said(Level.WARN))
                .satisfiesExactly(
                        said -> assertThat(said).contains("NOPERM"),
                        said -> assertThat(said).contains("allkeys-lru"),
                        said -> assertThat(said).contains("NOPERM"),
                        said -> assertThat(said).contains("MOVED"));
    }

    @Test
    void aRefusalThatWasCorrectedDoesNotStayWhileAServerOfAClusterDoesNotAnswer() {
        AtomicReference<CompletableFuture<ScriptReply>> first =
                new AtomicReference<>(refused("NOPERM", ServerRefusal.PERMISSION));
        cluster(first::get, () -> notSent());
        this.probe.tryNow();
        Pause pause = nextPause();
        assertThat(problem()).contains("NOPERM");
        first.set(reply(NODE));
        pause.end().run();
        endShortPauses();
        nextPause();
        assertThat(this.probe.report().details()).containsEntry("primaries", "1 of 2");
        assertThat(this.probe.report().problems()).isEmpty();
    }

    private String problem() {
        List<String> problems = this.probe.report().problems();
        assertThat(problems).hasSize(1);
        return problems.get(0);
    }

    @Test
    void findsANodeOfAClusterThatIsUsedAloneThoughItHasTheFirstSlot() {
        commands().willAnswer(invocation -> {
            ScriptCall call = invocation.getArgument(0);
            return ClusterSlotHashUtil.calculateSlot(call.keys()[0]) < 8192
                    ? reply(NODE)
                    : refused("MOVED 16383 127.0.0.1:7001", ServerRefusal.CLUSTER);
        });
        this.probe.tryNow();
        nextPause();
        assertThat(problem()).contains("MOVED");
        awaitWhatIsBeingWritten();
        assertThat(this.log.said()).hasSize(1);
        assertThat(this.log.said(Level.WARN)).hasSize(1);
    }

    /** So may a proxy of a cluster. */
    @Test
    void aClusterOfOneNodeMayBeUsedAlone() {
        commands().willReturn(reply(NODE));
        this.probe.tryNow();
        await().until(() -> !this.log.said().isEmpty());
        assertThat(this.log.said()).singleElement().asString().contains(": cluster, role primary, ");
        assertThat(this.probe.report().problems()).isEmpty();
        assertThat(this.pauses).isEmpty();
    }

    @Test
    void closingInterruptsADriverThatBlocks() throws InterruptedException {
        CountDownLatch blocked = new CountDownLatch(1);
        CountDownLatch interrupted = new CountDownLatch(1);
        given(this.factory.getConnection()).willAnswer(invocation -> {
            blocked.countDown();
            try {
                return new CompletableFuture<>().get();
            } finally {
                interrupted.countDown();
            }
        });
        commands().willReturn(reply("time:1\nrefused:ERR This Redis command is not allowed from scripts"));
        this.probe.tryNow();
        assertThat(blocked.await(10, TimeUnit.SECONDS)).isTrue();
        this.probe.close();
        assertThat(interrupted.await(10, TimeUnit.SECONDS)).isTrue();
    }

    @Test
    void saysNothingOnceClosed() {
        CompletableFuture<ScriptReply> answer = new CompletableFuture<>();
        commands().willReturn(answer);
        this.probe.tryNow();
        await().untilAsserted(() -> then(this.link).should().run(any(), any()));
        this.probe.close();
        answer.complete(new ScriptReply(List.of(KeyLayout.bytes(SAFE))));
        this.probe.tryNow();
        await().during(Duration.ofMillis(100)).until(() -> this.log.said().isEmpty());
        assertThat(this.probe.report()).isEqualTo(StoreReport.EMPTY);
    }

    /** Two servers: what the first answers, and what the second does. */
    private void cluster(
            Supplier<CompletableFuture<ScriptReply>> first, Supplier<CompletableFuture<ScriptReply>> second) {
        twoServers();
        String firstServer = server(new KeyLayout("lock:").keyOfSlot(0));
        commands().willAnswer(invocation -> {
            ScriptCall call = invocation.getArgument(0);
            return server(call.keys()).equals(firstServer) ? first.get() : second.get();
        });
    }

    /** The probe has done by then what it does before it pauses. */
    private Pause nextPause() {
        try {
            Pause pause = this.pauses.poll(10, TimeUnit.SECONDS);
            assertThat(pause).as("a pause").isNotNull();
            return pause;
        } catch (InterruptedException ex) {
            throw new IllegalStateException(ex);
        }
    }

    /** Returns how long it would have lasted, in ms. */
    private long endPause() {
        Pause pause = nextPause();
        pause.end().run();
        return pause.millis();
    }

    /** Those between the first answers of a cluster that are not the last word. */
    private void endShortPauses() {
        for (int i = 0; i < 3; i++) {
            assertThat(endPause()).isEqualTo(1000);
        }
    }

    private record Pause(long millis, Runnable end) {}

    private void twoServers() {
        given(this.link.clustered()).willReturn(true);
        given(this.link.serverOf(any())).willAnswer(invocation -> {
            ScriptCall call = invocation.getArgument(0);
            return server(call.keys());
        });
    }

    private static String server(byte[][] keys) {
        return "server" + keys[0].length % 2;
    }

    private BDDMockito.BDDMyOngoingStubbing<CompletableFuture<ScriptReply>> commands() {
        return given(this.link.run(any(), any()));
    }

    private static CompletableFuture<ScriptReply> reply(String text) {
        return CompletableFuture.completedFuture(new ScriptReply(List.of(KeyLayout.bytes(text))));
    }

    private static CompletableFuture<ScriptReply> refused(String reply, ServerRefusal refusal) {
        return CompletableFuture.failedFuture(
                CommandFailures.refused("probe.lua", reply, refusal, new IllegalStateException(reply)));
    }

    private static CompletableFuture<ScriptReply> notSent() {
        return CompletableFuture.failedFuture(CommandFailures.notSent("probe.lua", "no connection", null));
    }
}
