package io.github.lockspring.autoconfigure;

import io.github.lockspring.aspectj.DistributedLockAspect;
import io.github.lockspring.interceptor.LockAspectSupport;
import org.aspectj.lang.Aspects;
import org.aspectj.lang.NoAspectBoundException;
import org.springframework.beans.factory.DisposableBean;

/**
 * Gives the one instance of the aspect what it needs, for as long as the context lives. The aspect itself is no bean:
 * Spring would take it for one of its own, and lock every call twice.
 */
final class WovenAspect implements DisposableBean {

    private final DistributedLockAspect aspect;

    WovenAspect(LockAspectSupport support) {
        try {
            this.aspect = Aspects.aspectOf(DistributedLockAspect.class);
        } catch (NoAspectBoundException ex) {
            throw new AspectNotWovenException(ex);
        }
        this.aspect.setLockAspectSupport(support);
    }

    @Override
    public void destroy() {
        this.aspect.setLockAspectSupport(null);
    }
}
