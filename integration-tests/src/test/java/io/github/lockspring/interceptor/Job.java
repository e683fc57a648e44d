package io.github.lockspring.interceptor;

/** Something to be called through both kinds of proxies. */
public interface Job {

    /** Runs the job. */
    Object run(String argument) throws Exception;
}
