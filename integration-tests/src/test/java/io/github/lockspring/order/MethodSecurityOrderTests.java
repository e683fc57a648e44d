package io.github.lockspring.order;

import static io.github.lockspring.order.OrderedContexts.heldElsewhere;
import static io.github.lockspring.order.OrderedContexts.journal;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import io.github.lockspring.LockLease;
import io.github.lockspring.LockNotAcquiredException;
import io.github.lockspring.ProxyKind;
import io.github.lockspring.annotation.DistributedLock;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Future;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.springframework.boot.test.context.runner.ApplicationContextRunner;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import org.springframework.core.task.SimpleAsyncTaskExecutor;
import org.springframework.core.task.TaskExecutor;
import org.springframework.scheduling.annotation.Async;
import org.springframework.scheduling.annotation.EnableAsync;
import org.springframework.security.access.AccessDeniedException;
import org.springframework.security.access.annotation.Secured;
import org.springframework.security.access.prepost.PostAuthorize;
import org.springframework.security.access.prepost.PreAuthorize;
import org.springframework.security.authentication.TestingAuthenticationToken;
import org.springframework.security.config.annotation.method.configuration.EnableMethodSecurity;
import org.springframework.security.core.context.SecurityContextHolder;
import org.springframework.security.task.DelegatingSecurityContextAsyncTaskExecutor;

/** Access is decided before the lock is taken. */
class MethodSecurityOrderTests {

    @AfterEach
    void logOut() {
        SecurityContextHolder.clearContext();
    }

    @ParameterizedTest
    @EnumSource
    void deniedCallNeitherWaitsForTheLockNorTakesIt(ProxyKind kind) {
        runner(kind).run(context -> {
            logIn("GUEST");
            Desk desk = kind.bean(context, Desk.class);
            try (LockLease lease = heldElsewhere(context, "1")) {
                assertThatExceptionOfType(AccessDeniedException.class).isThrownBy(() -> desk.preAuthorized("1"));
                assertThatExceptionOfType(AccessDeniedException.class).isThrownBy(() -> desk.secured("1"));
                assertThat(lease.isHeld()).isTrue();
            }
            assertThatExceptionOfType(AccessDeniedException.class).isThrownBy(() -> desk.preAuthorized("1"));
            assertThat(journal(context)).containsExactly("authorize", "authorize");
        });
    }

    @ParameterizedTest
    @EnumSource
    void allowedCallIsLocked(ProxyKind kind) {
        runner(kind).run(context -> {
            logIn("CLERK");
            Desk desk = kind.bean(context, Desk.class);
            try (LockLease lease = heldElsewhere(context, "1")) {
                assertThatExceptionOfType(LockNotAcquiredException.class).isThrownBy(() -> desk.preAuthorized("1"));
                assertThat(lease.isHeld()).isTrue();
            }
            desk.preAuthorized("1");
            desk.secured("1");
            assertThat(journal(context)).containsExactly("authorize", "authorize", "body, locked", "body, locked");
        });
    }

    @ParameterizedTest
    @EnumSource
    void resultIsAuthorizedAfterTheLock(ProxyKind kind) {
        runner(kind).run(context -> {
            logIn("GUEST");
            Desk desk = kind.bean(context, Desk.class);
            assertThatExceptionOfType(AccessDeniedException.class).isThrownBy(() -> desk.postAuthorized("1"));
            assertThat(journal(context)).containsExactly("body, locked", "authorize");
        });
    }

    @ParameterizedTest
    @EnumSource
    void smallOrderPutsTheLockFirst(ProxyKind kind) {
        runner(kind).withPropertyValues("distributed-lock.order=0").run(context -> {
            logIn("GUEST");
            Desk desk = kind.bean(context, Desk.class);
            try (LockLease lease = heldElsewhere(context, "1")) {
                assertThatExceptionOfType(LockNotAcquiredException.class).isThrownBy(() -> desk.preAuthorized("1"));
                assertThat(lease.isHeld()).isTrue();
            }
            assertThatExceptionOfType(AccessDeniedException.class).isThrownBy(() -> desk.preAuthorized("1"));
            assertThat(journal(context)).containsExactly("authorize, locked");
        });
    }

    /** Decided on the thread of the executor, when the lock is acquired: a call that is denied gives it back. */
    @ParameterizedTest
    @EnumSource
    void deniedAsynchronousCallGivesBackItsLock(ProxyKind kind) {
        runner(kind).withUserConfiguration(Asynchronous.class).run(context -> {
            Desk desk = kind.bean(context, Desk.class);
            logIn("GUEST");
            assertThatExceptionOfType(ExecutionException.class)
                    .isThrownBy(() -> desk.compute("1").get())
                    .withCauseInstanceOf(AccessDeniedException.class);

            logIn("CLERK");
            assertThat(desk.compute("1").get()).isEqualTo("done");
            assertThat(journal(context)).containsExactly("authorize", "authorize", "body, locked");
        });
    }

    private static void logIn(String role) {
        SecurityContextHolder.getContext()
                .setAuthentication(new TestingAuthenticationToken("user", "password", "ROLE_" + role));
    }

    private static ApplicationContextRunner runner(ProxyKind kind) {
        return OrderedContexts.runner(kind)
                .withUserConfiguration(Security.class)
                .withBean("guard", Guard.class)
                .withBean(SecuredDesk.class);
    }

    @Configuration(proxyBeanMethods = false)
    @EnableMethodSecurity(securedEnabled = true)
    static class Security {}

    @Configuration(proxyBeanMethods = false)
    @EnableAsync
    static class Asynchronous {

        @Bean
        TaskExecutor taskExecutor() {
            return new DelegatingSecurityContextAsyncTaskExecutor(new SimpleAsyncTaskExecutor());
        }
    }

    /** Public, for expressions. */
    public static class Guard {

        private final Journal journal;

        Guard(Journal journal) {
            this.journal = journal;
        }

        public boolean authorize(boolean allowed) {
            this.journal.add("authorize");
            return allowed;
        }
    }

    interface Desk {

        @Nullable Object preAuthorized(String id);

        @Nullable Object postAuthorized(String id);

        @Nullable Object secured(String id);

        Future<String> compute(String id);
    }

    static class SecuredDesk implements Desk {

        private final Journal journal;

        SecuredDesk(Journal journal) {
            this.journal = journal;
        }

        @Override
        @PreAuthorize("@guard.authorize(hasRole('CLERK'))")
        @DistributedLock(name = "order", key = "#id")
        public @Nullable Object preAuthorized(String id) {
            return this.journal.body();
        }

        @Override
        @PostAuthorize("@guard.authorize(hasRole('CLERK'))")
        @DistributedLock(name = "order", key = "#id")
        public @Nullable Object postAuthorized(String id) {
            return this.journal.body();
        }

        @Override
        @Async
        @PreAuthorize("@guard.authorize(hasRole('CLERK'))")
        @DistributedLock(name = "order", key = "#id")
        public Future<String> compute(String id) {
            this.journal.body();
            return CompletableFuture.completedFuture("done");
        }

        @Override
        @Secured("ROLE_CLERK")
        @DistributedLock(name = "order", key = "#id")
        public @Nullable Object secured(String id) {
            return this.journal.body();
        }
    }
}
