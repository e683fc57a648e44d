package io.github.lockspring.aspectj;

import io.github.lockspring.interceptor.LockAspectSupport;
import io.github.lockspring.interceptor.LockedBody;
import org.aspectj.lang.ProceedingJoinPoint;
import org.aspectj.lang.annotation.Around;
import org.aspectj.lang.annotation.Aspect;
import org.aspectj.lang.reflect.MethodSignature;
import org.jspecify.annotations.Nullable;

/**
 * Locks methods of woven classes, including calls from within the same object. AspectJ creates the only instance; it
 * refuses calls until it has been configured. Thread-safe.
 *
 * <p>Weaving sees the annotation, and annotations that carry it, on a method and on the class or interface that
 * declares the method. It does not see an annotation on the method of a supertype; the check at start-up refuses that,
 * and classes that are not woven.
 *
 * @since 0.1
 */
@Aspect
public final class DistributedLockAspect {

    private volatile @Nullable LockAspectSupport support;

    /** Created by AspectJ. */
    public DistributedLockAspect() {}

    /**
     * Sets what runs the calls.
     *
     * @param support runs a call under its lock; {@code null} refuses calls from now on
     */
    public void setLockAspectSupport(@Nullable LockAspectSupport support) {
        this.support = support;
    }

    /**
     * Runs a method under its lock.
     *
     * @param joinPoint the call
     * @return what the method returns
     * @throws Throwable what the method throws, or a {@link io.github.lockspring.LockException}
     */
    @Around("(execution(@io.github.lockspring.annotation.DistributedLock * *(..))"
            + " || execution(@(@io.github.lockspring.annotation.DistributedLock *) * *(..))"
            + " || (execution(* (@io.github.lockspring.annotation.DistributedLock *).*(..))"
            + " || execution(* (@(@io.github.lockspring.annotation.DistributedLock *) *).*(..)))"
            + " && !execution(@io.github.lockspring.annotation.NotLocked * *(..)))"
            + " && !within(java.lang.annotation.Annotation+) && !within(*..*SpringCGLIB*)")
    public @Nullable Object lock(ProceedingJoinPoint joinPoint) throws Throwable {
        LockAspectSupport current = this.support;
        if (current == null) {
            throw new IllegalStateException("Cannot lock " + joinPoint.getSignature()
                    + ": no running application context has configured locking for woven classes;"
                    + " is distributed-lock.advice-mode=aspectj set?");
        }
        MethodSignature signature = (MethodSignature) joinPoint.getSignature();
        return current.invoke(
                signature.getMethod(), joinPoint.getTarget(), joinPoint.getArgs(), new JoinPointBody(joinPoint));
    }

    /** A join point gives out copies of its arguments: changed ones are passed on. */
    private record JoinPointBody(ProceedingJoinPoint joinPoint) implements LockedBody {

        @Override
        public @Nullable Object run() throws Throwable {
            return this.joinPoint.proceed();
        }

        @Override
        public @Nullable Object run(@Nullable Object[] arguments) throws Throwable {
            return this.joinPoint.proceed(arguments);
        }
    }
}
