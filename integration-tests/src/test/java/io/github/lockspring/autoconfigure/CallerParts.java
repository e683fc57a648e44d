package io.github.lockspring.autoconfigure;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.lockspring.LockLease;
import io.github.lockspring.LockOperations;
import io.github.lockspring.LockOptions;
import io.github.lockspring.annotation.DistributedLock;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.function.Function;
import org.slf4j.MDC;
import org.springframework.beans.factory.ObjectProvider;
import org.springframework.boot.autoconfigure.AutoConfigurations;
import org.springframework.boot.autoconfigure.task.TaskExecutionAutoConfiguration;
import org.springframework.boot.test.context.runner.ApplicationContextRunner;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import org.springframework.core.task.AsyncTaskExecutor;
import org.springframework.core.task.TaskDecorator;
import org.springframework.scheduling.annotation.Async;
import org.springframework.scheduling.annotation.EnableAsync;
import org.springframework.scheduling.concurrent.ThreadPoolTaskExecutor;
import org.springframework.security.authentication.TestingAuthenticationToken;
import org.springframework.security.core.Authentication;
import org.springframework.security.core.context.SecurityContextHolder;
import org.springframework.security.task.DelegatingSecurityContextAsyncTaskExecutor;
import org.springframework.util.ClassUtils;

/** Applications whose executors carry values of threads, which {@link CallerValuesTests} runs with reduced class paths. */
public final class CallerParts {

    private static final ThreadLocal<String> TENANT = new ThreadLocal<>();

    private CallerParts() {}

    /** Whether the class path has Micrometer's context propagation. */
    public static Boolean propagation() {
        return ClassUtils.isPresent("io.micrometer.context.ContextSnapshotFactory", CallerParts.class.getClassLoader());
    }

    /** An executor with a decorator that is a bean. */
    public static List<String> decorated() {
        return seen(runner().withUserConfiguration(Decorated.class), Orders::locked, Orders::unlocked);
    }

    /** Spring Boot's executor, which has the decorator as well. */
    public static List<String> applicationExecutor() {
        return seen(
                runner().withConfiguration(AutoConfigurations.of(TaskExecutionAutoConfiguration.class))
                        .withBean("tenant", TaskDecorator.class, () -> CallerParts::withTenant),
                Orders::locked,
                Orders::unlocked);
    }

    /** Spring Security's executor. */
    public static List<String> secured() {
        return seen(runner().withUserConfiguration(Secured.class), Orders::locked, Orders::unlocked);
    }

    /** An executor with a decorator that is no bean. */
    public static List<String> diagnosed() {
        return seen(runner().withUserConfiguration(Diagnosed.class), Orders::locked, Orders::unlocked);
    }

    /** Work without an executor of its own. */
    public static List<String> work() {
        return seen(
                runner().withPropertyValues("distributed-lock.task-executor=single")
                        .withBean("tenant", TaskDecorator.class, () -> CallerParts::withTenant)
                        .withBean("single", ThreadPoolTaskExecutor.class, CallerParts::single),
                Orders::future,
                Orders::plain);
    }

    /** What work sees whose caller has logged out, or has logged in as another user, before the lock was free. */
    public static List<String> later() {
        List<String> seen = new ArrayList<>();
        runner().run(context -> {
            Orders orders = context.getBean(Orders.class);
            CompletableFuture<String> ofUser;
            CompletableFuture<String> ofNobody;
            try (LockLease lease = context.getBean(LockOperations.class).acquire(LockOptions.named("order"))) {
                ofNobody = orders.future();
                logIn("user");
                ofUser = orders.future();
                logIn("other");
                assertThat(lease.isHeld()).isTrue();
            } finally {
                SecurityContextHolder.clearContext();
            }
            seen.add(ofNobody.get());
            seen.add(ofUser.get());
        });
        return seen;
    }

    private static void logIn(String name) {
        SecurityContextHolder.getContext().setAuthentication(new TestingAuthenticationToken(name, "password"));
    }

    private static ApplicationContextRunner runner() {
        return LockContextRunners.memory()
                .withUserConfiguration(Asynchronous.class)
                .withBean(Orders.class);
    }

    /** What a call sees that gets its lock at once, one that waits for it, and another one. */
    private static List<String> seen(
            ApplicationContextRunner runner,
            Function<Orders, CompletableFuture<String>> locked,
            Function<Orders, CompletableFuture<String>> other) {
        List<String> seen = new ArrayList<>();
        runner.run(context -> {
            Orders orders = context.getBean(Orders.class);
            LockOperations locks = context.getBean(LockOperations.class);
            seen.add(call(orders, locked).get());
            CompletableFuture<String> waiting;
            try (LockLease lease = locks.acquire(LockOptions.named("order"))) {
                waiting = call(orders, locked);
                assertThat(lease.isHeld()).isTrue();
                assertThat(waiting).isNotDone();
            }
            seen.add(waiting.get());
            // the values of another caller, and then of none
            seen.add(call(orders, other).get());
            seen.add(other.apply(orders).get());
        });
        return seen;
    }

    private static CompletableFuture<String> call(Orders orders, Function<Orders, CompletableFuture<String>> method) {
        TENANT.set("tenant");
        MDC.put("trace", "trace");
        logIn("user");
        try {
            return method.apply(orders);
        } finally {
            TENANT.remove();
            MDC.clear();
            SecurityContextHolder.clearContext();
        }
    }

    private static String current() {
        Authentication user = SecurityContextHolder.getContext().getAuthentication();
        return TENANT.get() + ", " + (user != null ? user.getName() : null) + ", " + MDC.get("trace");
    }

    private static Runnable withTenant(Runnable task) {
        String caller = TENANT.get();
        return () -> {
            TENANT.set(caller);
            try {
                task.run();
            } finally {
                TENANT.remove();
            }
        };
    }

    private static Runnable withDiagnostics(Runnable task) {
        Map<String, String> caller = MDC.getCopyOfContextMap();
        return () -> {
            MDC.setContextMap(caller != null ? caller : Map.of());
            try {
                task.run();
            } finally {
                MDC.clear();
            }
        };
    }

    /** A thread that shows what a task before has left behind. */
    private static ThreadPoolTaskExecutor single() {
        ThreadPoolTaskExecutor executor = new ThreadPoolTaskExecutor();
        executor.setCorePoolSize(1);
        executor.setMaxPoolSize(1);
        return executor;
    }

    @Configuration(proxyBeanMethods = false)
    @EnableAsync
    static class Asynchronous {}

    @Configuration(proxyBeanMethods = false)
    static class Decorated {

        @Bean
        TaskDecorator tenant() {
            return CallerParts::withTenant;
        }

        @Bean
        ThreadPoolTaskExecutor taskExecutor(TaskDecorator decorator) {
            ThreadPoolTaskExecutor executor = single();
            executor.setTaskDecorator(decorator);
            return executor;
        }
    }

    @Configuration(proxyBeanMethods = false)
    static class Secured {

        @Bean
        AsyncTaskExecutor taskExecutor() {
            ThreadPoolTaskExecutor executor = single();
            executor.setDaemon(true);
            executor.initialize();
            return new DelegatingSecurityContextAsyncTaskExecutor(executor);
        }
    }

    @Configuration(proxyBeanMethods = false)
    static class Diagnosed {

        @Bean
        ThreadPoolTaskExecutor taskExecutor() {
            ThreadPoolTaskExecutor executor = single();
            executor.setTaskDecorator(CallerParts::withDiagnostics);
            return executor;
        }
    }

    /** Says what its methods see. */
    static class Orders {

        private final ObjectProvider<ThreadPoolTaskExecutor> executor;

        Orders(ObjectProvider<ThreadPoolTaskExecutor> executor) {
            this.executor = executor;
        }

        public CompletableFuture<String> plain() {
            return this.executor.getObject().submitCompletable(CallerParts::current);
        }

        @Async
        @DistributedLock(name = "order")
        public CompletableFuture<String> locked() {
            return CompletableFuture.completedFuture(current());
        }

        @Async
        public CompletableFuture<String> unlocked() {
            return CompletableFuture.completedFuture(current());
        }

        @DistributedLock(name = "order")
        public CompletableFuture<String> future() {
            return CompletableFuture.completedFuture(current());
        }
    }
}
