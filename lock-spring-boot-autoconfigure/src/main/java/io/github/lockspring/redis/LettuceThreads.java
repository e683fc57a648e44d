package io.github.lockspring.redis;

import io.lettuce.core.resource.ClientResources;
import io.lettuce.core.resource.EventLoopGroupProvider;
import io.lettuce.core.resource.Transports;
import io.netty.util.concurrent.EventExecutor;
import io.netty.util.concurrent.EventExecutorGroup;
import io.netty.util.concurrent.FastThreadLocalThread;
import io.netty.util.concurrent.Future;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * The threads of a Lettuce client: its event loops, which read every reply, and those that compute. Found through the
 * client's resources, so that a client which shares its threads with others is known by all of them. No thread is known
 * while the client is stopped, nor one of a transport that the driver does not use by default.
 *
 * <p>Thread-safe. Nothing here throws.
 */
final class LettuceThreads {

    private final Supplier<ClientResources> resources;

    private final AtomicReference<@Nullable Found> found = new AtomicReference<>();

    private volatile boolean closed;

    /**
     * Creates an instance; asks for nothing yet.
     *
     * @param resources those of the present client; may throw where there is none
     */
    LettuceThreads(Supplier<ClientResources> resources) {
        this.resources = resources;
    }

    /** Whether a thread is one of them. Cheap for other threads, unless they are Netty's, too. */
    boolean include(Thread thread) {
        return thread instanceof FastThreadLocalThread && executorOf(thread) != null;
    }

    /** The executor of a thread; null if the thread does not belong to the client. */
    @Nullable EventExecutor executorOf(Thread thread) {
        try {
            for (EventExecutorGroup group : groups()) {
                for (EventExecutor executor : group) {
                    if (executor.inEventLoop(thread)) {
                        return executor;
                    }
                }
            }
        } catch (RuntimeException | Error ex) {
            // there is no client, or it is just being stopped
        }
        return null;
    }

    private List<EventExecutorGroup> groups() {
        Found known = this.found.get();
        if (this.closed) {
            return known == null ? List.of() : known.groups();
        }
        if (known != null && known.groups().stream().noneMatch(EventExecutorGroup::isShuttingDown)) {
            return known.groups();
        }
        ClientResources present = this.resources.get();
        EventLoopGroupProvider provider = present.eventLoopGroupProvider();
        EventExecutorGroup eventLoops = provider.allocate(Transports.eventLoopGroupClass());
        Found next = new Found(provider, List.of(eventLoops, present.eventExecutorGroup()), new AtomicBoolean());
        boolean mine = this.found.compareAndSet(known, next);
        if (!mine || this.closed) {
            next.release();
        }
        if (mine && known != null) {
            known.release();
        }
        return next.groups();
    }

    /** Known threads stay known. */
    void close() {
        this.closed = true;
        Found known = this.found.get();
        if (known != null) {
            known.release();
        }
    }

    /** The group of event loops has to be allocated to be seen, and is kept until it is released. */
    private record Found(EventLoopGroupProvider provider, List<EventExecutorGroup> groups, AtomicBoolean released) {

        void release() {
            if (this.released.compareAndSet(false, true)) {
                Future<Boolean> unused = this.provider.release(this.groups.get(0), 0, 0, TimeUnit.SECONDS);
            }
        }
    }
}
