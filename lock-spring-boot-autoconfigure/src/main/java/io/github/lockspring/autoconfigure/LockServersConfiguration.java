package io.github.lockspring.autoconfigure;

import org.springframework.context.annotation.Configuration;
import org.springframework.context.annotation.Import;

/** The beans of further servers, registered ahead of what depends on which lock beans there are. */
@Configuration(proxyBeanMethods = false)
@Import(LockServersRegistrar.class)
final class LockServersConfiguration {}
