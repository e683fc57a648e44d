package io.github.lockspring.web;

import org.springframework.web.context.request.async.DeferredResult;

/**
 * What the caller of an annotated method is given in place of its asynchronous result: for Spring MVC, the work of the
 * request.
 */
interface LockedResult {

    LockedWork work();

    /** Completes when the lock was acquired and the method has returned its own result. */
    default DeferredResult<Object> acquired() {
        return new DeferredResult<>();
    }
}
