/**
 * Locks of web requests: what a lock that is not acquired answers over HTTP, where the application does not say so
 * itself, and the asynchronous results of Spring MVC. Knows Spring's web support, the only package that does; nothing
 * else refers to it.
 */
@NullMarked
package io.github.lockspring.web;

import org.jspecify.annotations.NullMarked;
