package io.github.lockspring.redis;

import io.github.lockspring.store.DaemonThreads;
import io.github.lockspring.store.GrantListener;
import io.github.lockspring.store.StageFailures;
import io.github.lockspring.store.StoreReport;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;
import org.springframework.data.redis.connection.RedisConnectionFactory;
import org.springframework.data.redis.connection.lettuce.LettuceConnectionFactory;

/**
 * What a store has with its server from one opening to the closing: the link, the receiver of grants with its
 * subscription, and the probe. Thread-safe.
 */
final class StoreSession {

    private final KeyLayout layout;

    private final RedisLockStoreSettings settings;

    private final RedisLink link;

    private final ServerProbe probe;

    /** Guards the two fields that follow, whose values are read without it. */
    private final ReentrantLock registration = new ReentrantLock();

    private volatile @Nullable Receiver receiver;

    private volatile boolean closed;

    /** Whether calls with several keys are refused: a proxy in front of a cluster passes for one server until then. */
    private volatile boolean keysApart;

    /** A receiver of grants; without a subscription, its waiting requests poll. */
    private record Receiver(
            String client, GrantListener listener, @Nullable GrantSubscription subscription) {}

    /** Connects when first needed. */
    StoreSession(
            RedisConnectionFactory factory,
            RedisLockStoreSettings settings,
            KeyLayout layout,
            RedisServerLabel server) {
        this.layout = layout;
        this.settings = settings;
        // this class of Spring's is there without Lettuce, too
        this.link = factory instanceof LettuceConnectionFactory lettuce
                ? new LettuceLink(lettuce, settings, server, System::nanoTime, this::reconnected)
                : new BlockingLink(factory, settings, server, System::nanoTime, this::reconnected);
        this.probe = new ServerProbe(this.link, layout, factory, server, System::currentTimeMillis, this::found);
    }

    RedisLink link() {
        return this.link;
    }

    StoreReport report() {
        return this.probe.report();
    }

    boolean takesSingleKeysOnly() {
        return this.keysApart || this.link.clustered();
    }

    void refusesSeveralKeys() {
        this.keysApart = true;
    }

    /** Registers the one receiver of grants, unless that fails, and begins to probe the server. */
    void register(String client, GrantListener listener) {
        this.registration.lock();
        try {
            if (this.receiver != null) {
                throw new IllegalStateException(
                        "The store already has a receiver of grants: one store serves one engine at a time. Give each"
                                + " engine a store of its own, and have a store that wraps this one pass on offGrant");
            }
            this.receiver = new Receiver(client, listener, this.closed ? null : subscribe(client, listener));
        } finally {
            this.registration.unlock();
        }
        this.probe.start();
    }

    private @Nullable GrantSubscription subscribe(String client, GrantListener listener) {
        if (!this.settings.subscribe()) {
            return null;
        }
        GrantSubscription subscription =
                new GrantSubscription(this.link, this.layout, client, listener, this.settings, System::nanoTime);
        subscription.start();
        return subscription;
    }

    /** Ends a registration, so that there may be another one. */
    void deregister(String client) {
        Receiver ending;
        this.registration.lock();
        try {
            ending = this.receiver;
            if (ending == null || !ending.client.equals(client)) {
                return;
            }
            this.receiver = null;
        } finally {
            this.registration.unlock();
        }
        end(ending.subscription, () -> {});
    }

    /**
     * Has the subscription checked.
     *
     * @param waiting whether a request waits for a message
     * @param suspicious whether a message may have been lost
     */
    void checkSubscription(boolean waiting, boolean suspicious) {
        GrantSubscription subscribed = subscription();
        if (subscribed != null && (waiting || suspicious)) {
            subscribed.check(suspicious);
        }
    }

    /** Runs a script that writes. */
    <T> CompletableFuture<T> write(ScriptCall call, RedisLink.Lane lane, Function<ScriptReply, T> reading) {
        return this.link.run(call, lane).handle((reply, failure) -> {
            if (failure != null) {
                Throwable cause = StageFailures.unwrap(failure);
                refused(cause);
                throw new CompletionException(cause);
            }
            return reading.apply(reply);
        });
    }

    /** A script that writes has failed: what the server refuses, it may refuse to all. */
    void refused(Throwable failure) {
        if (CommandFailures.isReply(failure)) {
            this.probe.doubt();
        }
    }

    private @Nullable GrantSubscription subscription() {
        Receiver present = this.receiver;
        return present != null ? present.subscription : null;
    }

    private void found() {
        GrantSubscription subscribed = subscription();
        if (subscribed != null) {
            subscribed.checkOnce();
        }
    }

    private void reconnected() {
        this.keysApart = false;
        Receiver present = this.receiver;
        if (present == null) {
            return;
        }
        this.probe.tryNow();
        if (present.subscription != null) {
            present.subscription.tryAgain();
        }
        present.listener.onReconnected();
    }

    boolean isClosed() {
        return this.closed;
    }

    /** Waits, except on a thread that must not block. */
    void close() {
        GrantSubscription ending;
        this.registration.lock();
        try {
            this.closed = true;
            ending = subscription();
        } finally {
            this.registration.unlock();
        }
        this.probe.close();
        end(ending, this.link::close);
    }

    private void end(@Nullable GrantSubscription subscription, Runnable then) {
        Runnable end = () -> {
            if (subscription != null) {
                subscription.close();
            }
            then.run();
        };
        if (this.link.mustNotBlock(Thread.currentThread())) {
            DaemonThreads.named("redis-close").newThread(end).start();
        } else {
            end.run();
        }
    }
}
