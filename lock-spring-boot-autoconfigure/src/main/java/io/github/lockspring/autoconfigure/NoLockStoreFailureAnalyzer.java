package io.github.lockspring.autoconfigure;

import org.springframework.boot.diagnostics.AbstractFailureAnalyzer;
import org.springframework.boot.diagnostics.FailureAnalysis;
import org.springframework.util.ClassUtils;

/** Explains what to add or set if there is no store. */
final class NoLockStoreFailureAnalyzer extends AbstractFailureAnalyzer<NoLockStoreException> {

    private static final String CONNECTION_FACTORY = "org.springframework.data.redis.connection.RedisConnectionFactory";

    @Override
    protected FailureAnalysis analyze(Throwable rootFailure, NoLockStoreException cause) {
        boolean hasClasses = ClassUtils.isPresent(CONNECTION_FACTORY, getClass().getClassLoader());
        String description = cause.getMessage() + ".\n"
                + (hasClasses
                        ? "Spring Data Redis is on the class path: its auto-configuration may be excluded, or a"
                                + " driver (Lettuce or Jedis) may be missing."
                        : "Spring Data Redis is not on the class path.");
        String action = """
                Do one of these:

                    - to lock across processes: %s
                    - to store locks elsewhere: define a bean of type io.github.lockspring.store.LockStore
                    - for a single process or a test: set distributed-lock.store=memory
                    - to run annotated methods without locks: set distributed-lock.enabled=false""".formatted(
                        hasClasses
                                ? "let Spring Boot configure Redis (spring.data.redis.*), or define a"
                                        + " RedisConnectionFactory bean"
                                : "add the dependency spring-boot-starter-data-redis, and set spring.data.redis.*");
        return new FailureAnalysis(description, action, cause);
    }
}
