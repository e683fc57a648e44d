package io.github.lockspring.samples.cacherefresh.cache;

import org.springframework.boot.autoconfigure.SpringBootApplication;

/** An ordinary Spring Boot application. The starter on its class path is all that locking takes. */
@SpringBootApplication(proxyBeanMethods = false)
public class CacheApplication {}
