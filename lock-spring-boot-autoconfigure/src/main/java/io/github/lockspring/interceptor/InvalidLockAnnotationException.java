package io.github.lockspring.interceptor;

import io.github.lockspring.LockException;
import io.github.lockspring.LockName;
import java.util.List;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/**
 * A {@link io.github.lockspring.annotation.DistributedLock} cannot work. Thrown when the context starts or the bean is
 * created; where that is switched off, by the call, whose body does not run, as it does not if the condition of the
 * annotation evaluates to anything but a boolean. Also thrown by a call whose body has run, if it returned a result whose
 * work continues, such as a future that is not done.
 *
 * @since 0.1
 */
public final class InvalidLockAnnotationException extends LockException {

    private static final long serialVersionUID = 1L;

    @SuppressWarnings("serial") // The one list that is stored is immutable and serializable.
    private final List<LockAnnotationProblem> problems;

    /**
     * Creates an exception.
     *
     * @param problems what is wrong, at least one
     */
    public InvalidLockAnnotationException(List<LockAnnotationProblem> problems) {
        super(problems.stream().map(LockAnnotationProblem::toString).collect(Collectors.joining("\n")), null);
        this.problems = List.copyOf(problems);
    }

    /** Of a call of a lock. */
    InvalidLockAnnotationException(LockName lock, LockAnnotationProblem problem, @Nullable Throwable cause) {
        super(lock, problem.toString(), cause);
        this.problems = List.of(problem);
    }

    /**
     * Returns what is wrong.
     *
     * @return the problems, at least one
     */
    public List<LockAnnotationProblem> getProblems() {
        return this.problems;
    }
}
