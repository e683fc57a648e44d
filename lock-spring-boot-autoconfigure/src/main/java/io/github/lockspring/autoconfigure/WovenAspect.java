package io.github.lockspring.autoconfigure;

import io.github.lockspring.aspectj.DistributedLockAspect;
import io.github.lockspring.interceptor.LockAspectSupport;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
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

    private static final List<LockAspectSupport> SUPPORTS = new CopyOnWriteArrayList<>();

    private final DistributedLockAspect aspect;

    private final LockAspectSupport support;

    WovenAspect(LockAspectSupport support) {
        this(instance(), support);
    }

    WovenAspect(DistributedLockAspect aspect, LockAspectSupport support) {
        this.aspect = aspect;
        this.support = support;
        if (support.locksNothing()) {
            SUPPORTS.add(0, support);
        } else {
            SUPPORTS.add(support);
        }
        useTheLast();
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
        SUPPORTS.remove(this.support);
        useTheLast();
    }

    private void useTheLast() {
        List<LockAspectSupport> supports = List.copyOf(SUPPORTS);
        this.aspect.setLockAspectSupport(supports.isEmpty() ? null : supports.get(supports.size() - 1));
    }
}
