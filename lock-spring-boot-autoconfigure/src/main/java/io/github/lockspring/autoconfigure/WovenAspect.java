package io.github.lockspring.autoconfigure;

import io.github.lockspring.aspectj.DistributedLockAspect;
import io.github.lockspring.interceptor.LockAspectSupport;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.locks.Lock;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.Consumer;
import org.aspectj.lang.Aspects;
import org.aspectj.lang.NoAspectBoundException;
import org.jspecify.annotations.Nullable;
import org.springframework.beans.factory.DisposableBean;

/**
 * Configures the only instance of the aspect for as long as the context lives. Of several contexts, the one that
 * started last serves all calls, because a woven object does not know its context; a child context sees the beans of
 * its parents. When it ends, the previous configuration applies again. The aspect itself is not a bean: Spring would
 * apply it as its own aspect, and lock every call twice. A context with locking disabled comes after all others.
 */
final class WovenAspect implements DisposableBean {

    /** Guards the list, and that its last element is what the aspect uses. */
    private static final Lock LOCK = new ReentrantLock();

    private static final List<LockAspectSupport> SUPPORTS = new ArrayList<>();

    private final DistributedLockAspect aspect;

    private final LockAspectSupport support;

    WovenAspect(LockAspectSupport support) {
        this(instance(), support);
    }

    WovenAspect(DistributedLockAspect aspect, LockAspectSupport support) {
        this.aspect = aspect;
        this.support = support;
        change(supports -> supports.add(support.locksNothing() ? 0 : supports.size(), support));
    }

    /** For classes that may be woven, or not. */
    static @Nullable WovenAspect ifWoven(LockAspectSupport support) {
        return Aspects.hasAspect(DistributedLockAspect.class) ? new WovenAspect(support) : null;
    }

    private static DistributedLockAspect instance() {
        try {
            return Aspects.aspectOf(DistributedLockAspect.class);
        } catch (NoAspectBoundException ex) {
            throw new AspectNotWovenException(ex);
        }
    }

    @Override
    public void destroy() {
        change(supports -> supports.remove(this.support));
    }

    private void change(Consumer<List<LockAspectSupport>> change) {
        LOCK.lock();
        try {
            change.accept(SUPPORTS);
            this.aspect.setLockAspectSupport(SUPPORTS.isEmpty() ? null : SUPPORTS.get(SUPPORTS.size() - 1));
        } finally {
            LOCK.unlock();
        }
    }
}
