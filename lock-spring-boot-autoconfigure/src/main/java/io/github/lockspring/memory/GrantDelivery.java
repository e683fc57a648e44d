package io.github.lockspring.memory;

import io.github.lockspring.store.DaemonThreads;
import io.github.lockspring.store.Grant;
import io.github.lockspring.store.GrantListener;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.ThreadPoolExecutor;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** The listeners for grants, and the single thread that notifies them. */
final class GrantDelivery {

    private static final Logger log = LoggerFactory.getLogger(GrantDelivery.class);

    private final Map<String, GrantListener> listeners = new ConcurrentHashMap<>();

    private final ExecutorService messages = newThread();

    void register(String client, GrantListener listener) {
        if (this.listeners.putIfAbsent(client, listener) != null) {
            throw new IllegalStateException("Client '" + client + "' already has a listener for grants");
        }
        tell(listener, registered -> registered.onListening(true));
    }

    void deregister(String client) {
        this.listeners.remove(client);
    }

    /** Whether a message to this owner would reach a listener. */
    boolean reaches(String owner) {
        return listenerOf(owner) != null;
    }

    void deliver(Grant grant) {
        GrantListener listener = listenerOf(grant.owner());
        if (listener != null) {
            tell(listener, reached -> reached.onGrant(grant));
        }
    }

    void close() {
        this.listeners.clear();
        this.messages.shutdownNow();
    }

    /** An owner is its client and a sequence number, with a colon between them. */
    private @Nullable GrantListener listenerOf(String owner) {
        return this.listeners.get(owner.substring(0, Math.max(owner.lastIndexOf(':'), 0)));
    }

    private void tell(GrantListener listener, Consumer<GrantListener> message) {
        this.messages.execute(() -> {
            try {
                message.accept(listener);
            } catch (RuntimeException | Error ex) {
                log.error("A listener for grants failed; its owner finds the lock with its next poll", ex);
            }
        });
    }

    private static ExecutorService newThread() {
        ThreadPoolExecutor messages = DaemonThreads.pool("memory-grants", 1, Integer.MAX_VALUE);
        messages.setRejectedExecutionHandler(new ThreadPoolExecutor.DiscardPolicy());
        return messages;
    }
}
