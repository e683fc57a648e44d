package io.github.lockspring.order;

import static io.github.lockspring.order.OrderedContexts.heldElsewhere;
import static io.github.lockspring.order.OrderedContexts.journal;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import io.github.lockspring.LockLease;
import io.github.lockspring.LockNotAcquiredException;
import io.github.lockspring.ProxyKind;
import io.github.lockspring.annotation.DistributedLock;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import org.awaitility.Awaitility;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.springframework.boot.test.context.runner.ApplicationContextRunner;
import org.springframework.cache.CacheManager;
import org.springframework.cache.annotation.Cacheable;
import org.springframework.cache.annotation.EnableCaching;
import org.springframework.cache.concurrent.ConcurrentMapCache;
import org.springframework.cache.support.SimpleCacheManager;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import org.springframework.core.Ordered;

/** What is in the cache is looked up under the lock; two ways out of that. */
class CachingOrderTests {

    @ParameterizedTest
    @EnumSource
    void hitLocks(ProxyKind kind) {
        OrderedContexts.runner(kind)
                .withUserConfiguration(Caching.class)
                .withBean(CachedWork.class)
                .run(context -> {
                    Work work = kind.bean(context, Work.class);
                    assertThat(work.run("1")).isEqualTo("made of 1");
                    assertThat(work.run("1")).isEqualTo("made of 1");

                    assertThat(journal(context))
                            .containsExactly("look up, locked", "body, locked", "put, locked", "look up, locked");
                    try (LockLease lease = heldElsewhere(context, "1")) {
                        assertThatExceptionOfType(LockNotAcquiredException.class)
                                .isThrownBy(() -> work.run("1"));
                        assertThat(lease.isHeld()).isTrue();
                    }
                });
    }

    @ParameterizedTest
    @EnumSource
    void hitDoesNotLockWhereTheOrderOfCachingIsLess(ProxyKind kind) {
        OrderedContexts.runner(kind)
                .withUserConfiguration(EarlyCaching.class)
                .withBean(CachedWork.class)
                .run(context -> {
                    Work work = kind.bean(context, Work.class);
                    assertThat(work.run("1")).isEqualTo("made of 1");
                    try (LockLease lease = heldElsewhere(context, "1")) {
                        assertThat(work.run("1")).isEqualTo("made of 1");
                        assertThat(lease.isHeld()).isTrue();
                    }
                    assertThat(journal(context)).containsExactly("look up", "body, locked", "put", "look up");
                });
    }

    @ParameterizedTest
    @EnumSource
    void hitDoesNotLockWhereTheLockIsOnAnotherBeanBehindTheCache(ProxyKind kind) {
        behindTheCache(kind).run(context -> {
            Catalog catalog = kind.bean(context, Catalog.class);
            assertThat(catalog.find("1")).isEqualTo("made of 1");
            try (LockLease lease = heldElsewhere(context, "1")) {
                assertThat(catalog.find("1")).isEqualTo("made of 1");
                assertThat(lease.isHeld()).isTrue();
            }
            assertThat(journal(context))
                    .containsExactly("look up", "look up, locked", "body, locked", "put, locked", "put", "look up");
        });
    }

    /** Both beans cache: a caller who has waited finds what the one before it has made. */
    @ParameterizedTest
    @EnumSource
    void missLooksAgainOnceItHasTheLock(ProxyKind kind) {
        behindTheCache(kind).withPropertyValues("distributed-lock.wait-time=1m").run(context -> {
            Catalog catalog = kind.bean(context, Catalog.class);
            CompletableFuture<Object> waiting;
            try (LockLease lease = heldElsewhere(context, "1")) {
                waiting = CompletableFuture.supplyAsync(() -> catalog.find("1"));
                Awaitility.await().until(() -> journal(context).contains("look up"));
                context.getBean(CacheManager.class).getCache("things").put("1", "made by another");
                assertThat(lease.isHeld()).isTrue();
            }
            assertThat(waiting.orTimeout(1, TimeUnit.MINUTES).join()).isEqualTo("made by another");
            assertThat(journal(context)).containsExactly("look up", "put", "look up, locked", "put");
        });
    }

    private static ApplicationContextRunner behindTheCache(ProxyKind kind) {
        return OrderedContexts.runner(kind)
                .withUserConfiguration(Caching.class)
                .withBean(CachedWork.class)
                .withBean(CachingCatalog.class);
    }

    @Configuration(proxyBeanMethods = false)
    @EnableCaching
    static class Caching extends Caches {}

    @Configuration(proxyBeanMethods = false)
    @EnableCaching(order = Ordered.LOWEST_PRECEDENCE - 101)
    static class EarlyCaching extends Caches {}

    static class Caches {

        @Bean
        CacheManager cacheManager(Journal journal) {
            SimpleCacheManager manager = new SimpleCacheManager();
            manager.setCaches(Set.of(new RecordingCache(journal)));
            return manager;
        }
    }

    static class RecordingCache extends ConcurrentMapCache {

        private final Journal journal;

        RecordingCache(Journal journal) {
            super("things");
            this.journal = journal;
        }

        @Override
        protected @Nullable Object lookup(Object key) {
            this.journal.add("look up");
            return super.lookup(key);
        }

        @Override
        public void put(Object key, @Nullable Object value) {
            this.journal.add("put");
            super.put(key, value);
        }
    }

    static class CachedWork implements Work {

        private final Journal journal;

        CachedWork(Journal journal) {
            this.journal = journal;
        }

        @Override
        @Cacheable("things")
        @DistributedLock(name = "order", key = "#argument")
        public Object run(String argument) {
            this.journal.add("body");
            return "made of " + argument;
        }
    }

    interface Catalog {

        Object find(String id);
    }

    static class CachingCatalog implements Catalog {

        private final Work work;

        CachingCatalog(Work work) {
            this.work = work;
        }

        @Override
        @Cacheable("things")
        public Object find(String id) {
            return this.work.run(id);
        }
    }
}
