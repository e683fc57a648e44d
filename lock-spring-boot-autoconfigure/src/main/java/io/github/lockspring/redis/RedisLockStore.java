package io.github.lockspring.redis;

import io.github.lockspring.LockHolder;
import io.github.lockspring.LockMode;
import io.github.lockspring.LockStoreException;
import io.github.lockspring.store.AcquireOutcome;
import io.github.lockspring.store.GrantListener;
import io.github.lockspring.store.LockStore;
import io.github.lockspring.store.ReleaseMode;
import io.github.lockspring.store.ReleaseOutcome;
import io.github.lockspring.store.RenewOutcome;
import io.github.lockspring.store.Renewal;
import io.github.lockspring.store.StoreCapability;
import io.github.lockspring.store.StoreReport;
import io.github.lockspring.store.TenureId;
import io.github.lockspring.store.TenureRequest;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.locks.ReentrantLock;
import org.jspecify.annotations.Nullable;
import org.springframework.data.redis.connection.RedisConnectionFactory;

/**
 * Keeps locks in Redis 6.2 or newer, or Valkey, standalone, behind Sentinel or as a cluster, over the connection
 * factory of the application. Asynchronous with Lettuce; with Jedis and others, commands block threads of the store.
 * Connects when first needed, never in the constructor. Exclusive tenures of one lock each; waiting owners queue in
 * Redis, and a released lock is granted to the one that has waited longest, by a message on a channel of its process.
 *
 * <p>Guarantees what the one Redis it talks to guarantees: a server that loses writes, evicts keys, or whose clock
 * jumps can give a lock twice, and only checking the fencing token when writing the data protects against that.
 *
 * <p>With the default prefix, a Redis user needs {@code ~lock:*}, {@code &lock:grants:*} and the commands {@code eval},
 * {@code evalsha}, {@code get}, {@code set}, {@code del}, {@code exists}, {@code pexpire}, {@code pttl}, {@code time},
 * {@code zadd}, {@code zrem}, {@code zrange}, {@code zrank}, {@code hmget}, {@code hset}, {@code hdel}, {@code
 * publish}, {@code pubsub|numsub}, {@code subscribe} and {@code unsubscribe}, in addition to those that the driver
 * needs to connect. Without the permission to subscribe, waiting requests poll. With {@code info}, the store can tell
 * what is wrong with the server; it does without.
 *
 * <p>When {@link #onGrant} has been called and Redis is there, the store finds out, in the background, which
 * server it has, and whether that is fit for locks: see {@link #report()} and the log.
 *
 * <p>Thread-safe.
 *
 * @since 0.1
 */
public final class RedisLockStore implements LockStore, AutoCloseable {

    private static final Set<StoreCapability> CAPABILITIES =
            Set.of(StoreCapability.QUEUE, StoreCapability.KEEP, StoreCapability.EXPIRE);

    private static final byte[] YES = KeyLayout.bytes("1");

    private static final byte[] NO = KeyLayout.bytes("0");

    private final RedisConnectionFactory connectionFactory;

    private final RedisLockStoreSettings settings;

    private final KeyLayout layout;

    private final byte[] grantLease;

    private final RedisServerLabel server;

    /** Another one after each {@link #open()}. */
    private volatile StoreSession session;

    private final ReentrantLock opening = new ReentrantLock();

    /**
     * Creates a store; does not connect.
     *
     * @param connectionFactory connects to the Redis that keeps the locks
     * @param settings how to go about it
     */
    public RedisLockStore(RedisConnectionFactory connectionFactory, RedisLockStoreSettings settings) {
        this(connectionFactory, settings, RedisServerLabel.DEFAULT);
    }

    /**
     * Creates a store whose messages say which server it has; does not connect.
     *
     * @param connectionFactory connects to the Redis that keeps the locks
     * @param settings how to go about it
     * @param server what messages say about the server
     */
    public RedisLockStore(
            RedisConnectionFactory connectionFactory, RedisLockStoreSettings settings, RedisServerLabel server) {
        LockScript.readAll();
        this.connectionFactory = connectionFactory;
        this.settings = settings;
        this.layout = new KeyLayout(settings.keyPrefix());
        this.grantLease = KeyLayout.millis(settings.grantLease());
        this.server = server;
        this.session = newSession();
    }

    private StoreSession newSession() {
        return new StoreSession(this.connectionFactory, this.settings, this.layout, this.server);
    }

    @Override
    public Set<StoreCapability> capabilities() {
        return CAPABILITIES;
    }

    @Override
    public CompletionStage<AcquireOutcome> acquire(TenureRequest request) {
        TenureId tenure = supported(request.tenure());
        StoreSession present = this.session;
        ScriptCall call = call(
                present.link(),
                LockScript.ACQUIRE,
                tenure,
                KeyLayout.millis(request.lease()),
                request.fair() ? YES : NO,
                request.mayQueue() ? YES : NO,
                KeyLayout.bytes(request.listening() ? "L" : "P"),
                KeyLayout.millis(request.pollInterval()),
                KeyLayout.micros(request.waited()));
        return present.write(
                call,
                RedisLink.Lane.WANTING,
                reply -> acquireOutcome(present, reply.text(0).split("\n", 5), request.listening()));
    }

    private AcquireOutcome acquireOutcome(StoreSession asked, String[] lines, boolean listening) {
        if (lines.length <= 2) {
            asked.checkSubscription(false, listening && lines.length == 2);
            return new AcquireOutcome.Acquired(List.of(Long.valueOf(lines[0])));
        }
        int rank = Integer.parseInt(lines[1]);
        boolean passedOver = lines[3].equals("1");
        asked.checkSubscription(rank >= 0, passedOver);
        return AcquireOutcome.Contended.by(holder(lines[4], Long.parseLong(lines[0])), Long.parseLong(lines[2]))
                .rank(rank)
                .passedOver(passedOver);
    }

    @Override
    public List<CompletionStage<RenewOutcome>> renew(List<Renewal> renewals) {
        renewals.forEach(renewal -> supported(renewal.tenure()));
        StoreSession present = this.session;
        return renew(present, renewals, present.takesSingleKeysOnly());
    }

    private List<CompletionStage<RenewOutcome>> renew(StoreSession present, List<Renewal> renewals, boolean singly) {
        List<CompletionStage<RenewOutcome>> outcomes = new ArrayList<>(renewals.size());
        for (RenewalBatch batch : RenewalBatch.of(renewals, this.layout, singly)) {
            CompletableFuture<List<CompletionStage<RenewOutcome>>> answered = present.link()
                    .run(batch.call(), RedisLink.Lane.HAVING)
                    .handle((reply, failure) -> outcomes(present, batch, reply, failure));
            for (int i = 0; i < batch.renewals().size(); i++) {
                int index = i;
                outcomes.add(answered.thenCompose(each -> each.get(index)));
            }
        }
        return outcomes;
    }

    private List<CompletionStage<RenewOutcome>> outcomes(
            StoreSession present, RenewalBatch batch, @Nullable ScriptReply reply, @Nullable Throwable failure) {
        if (batch.isRefusedAsSeveral(failure)) {
            List<CompletionStage<RenewOutcome>> singly = renew(present, batch.renewals(), true);
            singly.forEach(each -> each.thenAccept(outcome -> {
                if (!(outcome instanceof RenewOutcome.Failed)) {
                    present.refusesSeveralKeys();
                }
            }));
            return singly;
        }
        RenewOutcome[] outcomes = batch.outcomes(reply, failure);
        for (RenewOutcome outcome : outcomes) {
            if (outcome instanceof RenewOutcome.Failed failed) {
                present.refused(failed.cause());
            }
        }
        return Arrays.stream(outcomes)
                .<CompletionStage<RenewOutcome>>map(CompletableFuture::completedFuture)
                .toList();
    }

    @Override
    public CompletionStage<ReleaseOutcome> release(TenureId tenure, ReleaseMode mode) {
        supported(tenure);
        StoreSession present = this.session;
        RedisLink link = present.link();
        ScriptCall call;
        if (mode instanceof ReleaseMode.KeepIfNobodyWaits keep) {
            call = call(link, LockScript.KEEP, tenure, KeyLayout.millis(keep.lease()));
        } else if (mode instanceof ReleaseMode.ExpireAfter expiry) {
            call = new ScriptCall(
                    LockScript.EXPIRE,
                    this.layout.lockKey(tenure.fullName()),
                    this.layout.value(tenure.owner()),
                    KeyLayout.millis(expiry.remainder().plusNanos(999_999)));
        } else {
            call = call(link, LockScript.RELEASE, tenure);
        }
        return present.write(call, RedisLink.Lane.HAVING, RedisLockStore::releaseOutcome);
    }

    private static ReleaseOutcome releaseOutcome(ScriptReply reply) {
        long number = reply.number(0);
        if (number > 0) {
            return new ReleaseOutcome.Kept(number);
        }
        return switch ((int) number) {
            case 0 -> new ReleaseOutcome.NotOwner();
            case -1 -> new ReleaseOutcome.Freed();
            case -2 -> new ReleaseOutcome.HandedOver();
            case -3 -> new ReleaseOutcome.Expiring();
            default -> throw new IllegalStateException("Unknown reply to a release: " + reply);
        };
    }

    @Override
    public CompletionStage<Void> leave(TenureId tenure) {
        RedisLink link = this.session.link();
        return link.run(call(link, LockScript.LEAVE, supported(tenure)), RedisLink.Lane.HAVING)
                .thenApply(reply -> null);
    }

    @Override
    public CompletionStage<Optional<LockHolder>> holder(String fullName) {
        ScriptCall call = new ScriptCall(LockScript.HOLDER, this.layout.lockKey(fullName));
        return this.session
                .link()
                .run(call, RedisLink.Lane.WANTING)
                .thenApply(reply -> reply.elements().isEmpty()
                        ? Optional.<LockHolder>empty()
                        : Optional.of(holder(reply.text(0), reply.number(1))));
    }

    @Override
    public void onGrant(String client, GrantListener listener) {
        this.session.register(client, listener);
    }

    /** Waits until the subscription has ended, for a few command time-outs at most; see {@link #close()}. */
    @Override
    public void offGrant(String client) {
        this.session.deregister(client);
    }

    /** What the server said of itself when it last answered: empty before that, and without {@link #onGrant}. */
    @Override
    public StoreReport report() {
        return this.session.report();
    }

    /** The driver's threads, if they read the answers, and those of this store. */
    @Override
    public boolean mustNotBlock(Thread thread) {
        return this.session.link().mustNotBlock(thread);
    }

    /**
     * Makes a store usable again that was {@linkplain #close() closed}; does nothing otherwise, and does not connect. It
     * has no receiver of grants then, so that another engine may register itself.
     */
    public void open() {
        this.opening.lock();
        try {
            if (this.session.isClosed()) {
                this.session = newSession();
            }
        } finally {
            this.opening.unlock();
        }
    }

    /**
     * Gives back the connections, and waits for that: seldom for long, for a few command time-outs at most, and not at
     * all on a thread that {@linkplain #mustNotBlock must not block}. Locks stay as they are.
     */
    @Override
    public void close() {
        this.session.close();
    }

    /** The server, without user and password, and the key prefix. */
    @Override
    public String toString() {
        return "Redis at " + ServerAddress.of(this.connectionFactory).text() + " under the key prefix '"
                + this.settings.keyPrefix() + "'";
    }

    /** A call that may concern the queue. */
    private ScriptCall call(RedisLink link, LockScript script, TenureId tenure, byte[]... more) {
        byte[][] arguments = new byte[4 + more.length][];
        arguments[0] = KeyLayout.bytes(tenure.owner());
        arguments[1] = this.layout.channelPrefix();
        arguments[2] = this.grantLease;
        arguments[3] = link.clustered() ? YES : NO;
        System.arraycopy(more, 0, arguments, 4, more.length);
        return new ScriptCall(script, this.layout.allKeys(tenure.fullName()), arguments);
    }

    private LockHolder holder(String value, long millis) {
        // the result of PTTL: -1 for a value without expiry, which only others can have set
        Duration remaining = millis == -1 ? null : Duration.ofMillis(Math.max(0, millis));
        return new LockHolder(this.layout.ownerOf(value), remaining);
    }

    private static TenureId supported(TenureId tenure) {
        if (tenure.fullNames().size() != 1 || tenure.mode() != LockMode.EXCLUSIVE) {
            throw refused("Only exclusive tenures of a single lock are supported, not one of "
                    + tenure.fullNames().size() + " locks in mode " + tenure.mode());
        }
        if (tenure.owner().indexOf('\n') >= 0) {
            throw refused("The owner of a tenure contains a line feed, which would end it in a message");
        }
        return tenure;
    }

    private static LockStoreException refused(String message) {
        return new LockStoreException(message, null, LockStoreException.Outcome.REFUSED);
    }
}
