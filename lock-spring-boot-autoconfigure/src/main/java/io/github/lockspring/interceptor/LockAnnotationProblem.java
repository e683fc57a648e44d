package io.github.lockspring.interceptor;

import java.io.Serializable;

/**
 * One thing that is wrong with a {@link io.github.lockspring.annotation.DistributedLock}.
 *
 * @param method class of the bean, method and parameter types
 * @param attribute the attribute as it is written, such as {@code key = "#order.id"}; empty if the problem does not
 *     concern an attribute
 * @param description what was found
 * @param action how to fix it
 * @since 0.1
 */
public record LockAnnotationProblem(String method, String attribute, String description, String action)
        implements Serializable {

    @Override
    public String toString() {
        String annotation = this.attribute.isEmpty() ? "@DistributedLock" : "@DistributedLock(" + this.attribute + ")";
        return annotation + " on " + this.method + ": " + this.description + ". " + this.action;
    }
}
