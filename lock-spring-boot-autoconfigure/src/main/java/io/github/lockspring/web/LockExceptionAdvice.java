package io.github.lockspring.web;

import io.github.lockspring.LockHolder;
import io.github.lockspring.LockNotAcquiredException;
import io.github.lockspring.LockShutdownException;
import io.github.lockspring.LockStoreException;
import io.github.lockspring.LockStoreException.Outcome;
import java.time.Duration;
import java.util.Map;
import java.util.concurrent.CompletionException;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.core.Ordered;
import org.springframework.core.annotation.Order;
import org.springframework.http.HttpHeaders;
import org.springframework.http.HttpStatusCode;
import org.springframework.http.ProblemDetail;
import org.springframework.http.ResponseEntity;
import org.springframework.web.bind.annotation.ControllerAdvice;
import org.springframework.web.bind.annotation.ExceptionHandler;

/**
 * Answers requests whose lock was not acquired, in Spring MVC and WebFlux, with problem details (RFC 9457) that name
 * neither the lock nor its holder. Exception handlers of the application take precedence: those of the controller, and
 * those of other advice, whatever exception they are for. Thread-safe.
 *
 * <p>Only controllers are covered, not handler functions.
 *
 * @since 0.1
 */
@ControllerAdvice
@Order(Ordered.LOWEST_PRECEDENCE)
public final class LockExceptionAdvice {

    private static final Logger log = LoggerFactory.getLogger(LockExceptionAdvice.class);

    private static final long WARNING_PAUSE = TimeUnit.MINUTES.toNanos(1);

    private final HttpStatusCode contended;

    private final HttpStatusCode unavailable;

    /** When there was a warning of each lock name. */
    private final Map<String, Long> warnedAt = new ConcurrentHashMap<>();

    /**
     * Creates an advice.
     *
     * @param contended status where another caller has the lock
     * @param unavailable status where the store fails or the application shuts down
     */
    public LockExceptionAdvice(HttpStatusCode contended, HttpStatusCode unavailable) {
        this.contended = contended;
        this.unavailable = unavailable;
    }

    /**
     * Answers a request whose lock another caller has. {@code Retry-After} says for how much longer that caller has it
     * unless it renews it, in seconds, at least one.
     *
     * @param failure the exception
     * @param raised what the controller has thrown: the same exception, or one that has it as a cause
     * @return the response
     * @throws Throwable what was raised, if it is an exception of the application
     */
    @ExceptionHandler(LockNotAcquiredException.class)
    public ResponseEntity<ProblemDetail> contended(LockNotAcquiredException failure, Throwable raised)
            throws Throwable {
        requireItself(failure, raised);
        return ResponseEntity.status(this.contended)
                .header(HttpHeaders.RETRY_AFTER, String.valueOf(secondsLeft(failure.getHolder())))
                .body(problem(this.contended, "Another request is using this resource. Try again later.", failure));
    }

    /** Spring also asks for exceptions that have the failure as a cause, and goes on with those that are rethrown. */
    private static void requireItself(RuntimeException failure, Throwable raised) throws Throwable {
        Throwable unwrapped = raised;
        while (unwrapped instanceof CompletionException || unwrapped instanceof ExecutionException) {
            unwrapped = unwrapped.getCause();
        }
        if (unwrapped != failure) {
            throw raised;
        }
    }

    private static long secondsLeft(@Nullable LockHolder holder) {
        Duration left = holder != null ? holder.remaining() : null;
        return left != null ? Math.max(1, left.plusNanos(999_999_999).toSeconds()) : 1;
    }

    /**
     * Answers a request for which the store could not tell whether the lock is free.
     *
     * @param failure the exception
     * @param raised what the controller has thrown: the same exception, or one that has it as a cause
     * @return the response
     * @throws Throwable what was raised, if it is an exception of the application
     */
    @ExceptionHandler(LockStoreException.class)
    public ResponseEntity<ProblemDetail> unavailable(LockStoreException failure, Throwable raised) throws Throwable {
        requireItself(failure, raised);
        if (failure.getOutcome() == Outcome.REFUSED) {
            warn(failure);
        }
        return unavailable(this.unavailable, failure);
    }

    /** An outage is logged by the store, and ends by itself. */
    private void warn(LockStoreException failure) {
        long now = System.nanoTime();
        String name = String.valueOf(failure.getLockName());
        Long last = this.warnedAt.get(name);
        if (last == null
                ? this.warnedAt.putIfAbsent(name, now) == null
                : now - last >= WARNING_PAUSE && this.warnedAt.replace(name, last, now)) {
            log.warn(
                    "The lock store refused a request, which is answered with status {}: {}. This warning is logged once"
                            + " a minute for each lock name",
                    this.unavailable.value(),
                    failure.getMessage());
        }
    }

    /**
     * Answers a request that came while the application shuts down.
     *
     * @param failure the exception
     * @param raised what the controller has thrown: the same exception, or one that has it as a cause
     * @return the response
     * @throws Throwable what was raised, if it is an exception of the application
     */
    @ExceptionHandler(LockShutdownException.class)
    public ResponseEntity<ProblemDetail> unavailable(LockShutdownException failure, Throwable raised) throws Throwable {
        requireItself(failure, raised);
        return unavailable(this.unavailable, failure);
    }

    private static ResponseEntity<ProblemDetail> unavailable(HttpStatusCode status, RuntimeException failure) {
        return ResponseEntity.status(status)
                .body(problem(status, "The request cannot be processed at the moment. Try again later.", failure));
    }

    private static ProblemDetail problem(HttpStatusCode status, String detail, RuntimeException failure) {
        log.debug("Answered with status {}", status.value(), failure);
        return ProblemDetail.forStatusAndDetail(status, detail);
    }
}
