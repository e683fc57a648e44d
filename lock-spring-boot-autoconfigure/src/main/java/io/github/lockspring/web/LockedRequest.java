package io.github.lockspring.web;

import io.github.lockspring.LeaseLostException;
import io.github.lockspring.LockException;
import io.github.lockspring.LockLease;
import io.github.lockspring.LockOptions;
import io.github.lockspring.OnLost;
import io.github.lockspring.interceptor.AsyncCall;
import java.util.concurrent.CancellationException;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.UnaryOperator;
import org.jspecify.annotations.Nullable;
import org.springframework.http.ResponseEntity;
import org.springframework.web.context.request.NativeWebRequest;
import org.springframework.web.context.request.RequestAttributes;
import org.springframework.web.context.request.async.DeferredResult;
import org.springframework.web.context.request.async.WebAsyncManager;
import org.springframework.web.context.request.async.WebAsyncUtils;
import org.springframework.web.method.support.ModelAndViewContainer;
import org.springframework.web.servlet.mvc.method.annotation.ResponseBodyEmitter;

/**
 * A request whose work is done under a lock. Its first asynchronous phase lasts until the lock was acquired and the
 * method has returned; the lock is held until the last one of those that follow is over, and, where a thread of Spring
 * MVC does the work, until that has left it. Whatever ends the request before gives the lock back, or the place in the
 * queue.
 *
 * <p>Thread-safe. All that may happen at the same time goes through {@link #state}.
 */
final class LockedRequest {

    /** Where a request finds the innermost one that it has. */
    private static final String ATTRIBUTE = LockedRequest.class.getName();

    private enum State {

        /** For the lock. */
        WAITING,

        /** Was over before it had the lock. */
        WITHDRAWN,

        /** The method, under the lock. */
        CALLING,

        /** For what the method has returned, or on the way to it. */
        HELD,

        /** What the method has returned, on a thread of Spring MVC. */
        RUNNING,

        /** No longer needs the lock. */
        OVER
    }

    private final LockedWork work;

    /** The first phase. */
    private final DeferredResult<Object> acquired;

    private final @Nullable LockedRequest outer;

    /** Of the thread of the request. */
    private final UnaryOperator<Runnable> values;

    private final AtomicReference<State> state = new AtomicReference<>(State.WAITING);

    /** The work under the lock, until that can be released. */
    private final CompletableFuture<@Nullable Object> held = new CompletableFuture<>();

    /** The call: fails if the lock is not acquired, or lost. */
    private volatile CompletableFuture<@Nullable Object> call = new CompletableFuture<>();

    private volatile @Nullable LockLease lease;

    private volatile boolean completed;

    /** The last phase that nothing but its result ends. */
    private volatile @Nullable DeferredResult<?> deferred;

    private volatile @Nullable ResponseBodyEmitter emitter;

    private volatile @Nullable WorkingThread thread;

    private LockedRequest(LockedResult result, @Nullable LockedRequest outer) {
        this.work = result.work();
        this.acquired = result.acquired();
        this.outer = outer;
        this.values = outer != null ? outer.values : this.work.captureValues();
    }

    /** Begins the first phase. */
    static void start(LockedResult result, ModelAndViewContainer container, NativeWebRequest webRequest)
            throws Exception {
        LockedRequest outer = (LockedRequest) webRequest.getAttribute(ATTRIBUTE, RequestAttributes.SCOPE_REQUEST);
        LockedRequest request = new LockedRequest(result, outer);
        webRequest.setAttribute(ATTRIBUTE, request, RequestAttributes.SCOPE_REQUEST);
        WebAsyncManager manager = WebAsyncUtils.getAsyncManager(webRequest);
        LockedPhases phases = new LockedPhases(request);
        manager.registerCallableInterceptor(phases, phases);
        manager.registerDeferredResultInterceptor(phases, phases);
        manager.startDeferredResultProcessing(request.acquired, container);
        request.acquire();
    }

    private void acquire() {
        CompletableFuture<@Nullable Object> asked;
        try {
            asked = this.work.executeAsync(options(), this::begin).toCompletableFuture();
        } catch (RuntimeException | Error ex) {
            this.acquired.setErrorResult(ex);
            return;
        }
        this.call = asked;
        CompletableFuture<@Nullable Object> unused = asked.whenComplete(this::ended);
        if (this.state.get() == State.WITHDRAWN) {
            asked.cancel(false);
        }
    }

    /** A lock that the request has already is entered again. */
    private LockOptions options() {
        LockOptions options = this.work.options();
        for (LockedRequest each = this.outer; each != null; each = each.outer) {
            LockLease has = each.lease;
            if (has != null && has.fullName().equals(options.lockName().fullName())) {
                return options.within(has);
            }
        }
        return options;
    }

    /** Calls the method, on a thread of the application. */
    private CompletionStage<@Nullable Object> begin(LockLease acquiredLease) {
        if (!moves(State.WAITING, State.CALLING)) {
            return CompletableFuture.failedFuture(new CancellationException("The request is over"));
        }
        Object value;
        try {
            value = this.work.result(acquiredLease);
        } catch (Throwable ex) {
            this.state.set(State.OVER);
            return CompletableFuture.failedFuture(ex);
        }
        if (!AsyncKinds.goesOn(value)) {
            this.state.set(State.OVER);
            return CompletableFuture.completedFuture(value);
        }
        this.lease = acquiredLease;
        this.emitter = emitter(value);
        hold(State.CALLING);
        if (!this.acquired.setResult(ThreadWork.valueOf(value, this::checkHeld, this.values))) {
            release();
        }
        return this.held;
    }

    private static @Nullable ResponseBodyEmitter emitter(@Nullable Object value) {
        Object body = value instanceof ResponseEntity<?> entity && !(value instanceof LockedResult)
                ? entity.getBody()
                : value;
        return body instanceof ResponseBodyEmitter emitter && !(body instanceof LockedResult) ? emitter : null;
    }

    /** The call has no lock, has lost it, or has released it. */
    private void ended(@Nullable Object value, @Nullable Throwable failure) {
        boolean refused = moves(State.WAITING, State.OVER);
        if (failure == null) {
            this.acquired.setResult(ThreadWork.valueOf(value, this.values));
        } else if (refused && failure instanceof LockException refusal && AsyncCall.isOfAcquisition(refusal)) {
            answer(refusal);
        } else {
            fail(failure);
        }
    }

    private void answer(LockException refusal) {
        Object value;
        try {
            value = this.work.answer(refusal);
        } catch (Throwable ex) {
            this.acquired.setErrorResult(ex);
            return;
        }
        this.acquired.setResult(ThreadWork.valueOf(value, this.values));
    }

    /** Work of a thread ends when that returns. */
    private void fail(Throwable failure) {
        this.acquired.setErrorResult(failure);
        interruptIfWanted();
        if (this.state.get() == State.HELD) {
            ResponseBodyEmitter sending = this.emitter;
            DeferredResult<?> pending = this.deferred;
            if (sending != null) {
                sending.completeWithError(failure);
            }
            if (pending != null) {
                pending.setErrorResult(failure);
            }
        }
    }

    private void interruptIfWanted() {
        WorkingThread working = this.thread;
        if (working != null && this.work.onLost() == OnLost.INTERRUPT) {
            working.interrupt();
        }
    }

    /** The request is over, however it came to that. */
    void completed() {
        this.completed = true;
        withdraw();
        release();
    }

    private void withdraw() {
        if (moves(State.WAITING, State.WITHDRAWN)) {
            this.call.cancel(false);
        }
    }

    /** A request that is completed in the meantime has not seen this state, and is seen here. */
    private void hold(State before) {
        if (moves(before, State.HELD) && this.completed) {
            release();
        }
    }

    private void release() {
        if (moves(State.HELD, State.OVER)) {
            this.held.complete(null);
        }
    }

    private boolean moves(State from, State to) {
        return this.state.compareAndSet(from, to);
    }

    private void over(State before, @Nullable Object value) {
        if (AsyncKinds.goesOn(value)) {
            hold(before);
        } else if (moves(before, State.OVER)) {
            end(value instanceof Throwable failure ? failure : null);
        }
    }

    /** Whether the lease was lost is known when it is closed, at the latest; a failure of the work takes precedence. */
    private void end(@Nullable Throwable failure) {
        LockLease closed = this.lease;
        if (closed != null) {
            closed.close();
        }
        if (failure != null) {
            this.held.completeExceptionally(failure);
        } else {
            this.held.complete(null);
            throwLoss();
        }
    }

    private void checkHeld() {
        LockLease needed = this.lease;
        if (needed != null && this.work.onLost() != OnLost.LOG) {
            needed.ensureHeld();
        }
    }

    private void throwLoss() {
        if (this.call.handle((value, failure) -> failure).getNow(null) instanceof LeaseLostException loss) {
            throw loss;
        }
    }

    /** A thread of Spring MVC begins the work. */
    void enter() {
        LockLease needed = this.lease;
        if (needed != null) {
            throwLoss();
            checkHeld();
            if (!moves(State.HELD, State.RUNNING)) {
                throw new CancellationException("The request was over before its work began");
            }
            this.thread = WorkingThread.enter(needed);
            if (this.call.isCompletedExceptionally()) {
                interruptIfWanted();
            }
        }
    }

    /** The thread has left the work. */
    void leave(@Nullable Object value) {
        WorkingThread left = this.thread;
        if (left != null) {
            this.thread = null;
            left.leave();
            over(State.RUNNING, value);
        }
    }

    /** The request waits for a result that no thread of Spring MVC works for. */
    void await(DeferredResult<?> result) {
        if (result != this.acquired && this.lease != null) {
            this.deferred = result;
            throwLoss();
            checkHeld();
        }
    }

    /** Such a result is there. If there is no lock after the first phase, that has timed out. */
    void arrived(DeferredResult<?> result, @Nullable Object value) {
        if (result == this.acquired) {
            withdraw();
        } else {
            over(State.HELD, value);
        }
    }
}
