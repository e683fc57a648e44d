package io.github.lockspring.aot;

import io.github.lockspring.LockContext;
import io.github.lockspring.LockEvent;
import io.github.lockspring.LockLease;
import io.github.lockspring.LockListener;
import io.github.lockspring.LockOperations;
import io.github.lockspring.LockOptions;
import io.github.lockspring.annotation.DistributedLock;
import io.github.lockspring.annotation.OnContention;
import io.github.lockspring.kotlin.SuspendingJob;
import io.github.lockspring.observation.LockObservationContext;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.observation.Observation;
import io.micrometer.observation.ObservationHandler;
import java.time.Duration;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentSkipListSet;
import java.util.concurrent.TimeUnit;
import org.awaitility.Awaitility;
import org.springframework.aop.support.AopUtils;
import org.springframework.boot.SpringApplication;
import org.springframework.boot.autoconfigure.EnableAutoConfiguration;
import org.springframework.context.ConfigurableApplicationContext;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import org.springframework.context.annotation.Import;
import org.springframework.context.event.EventListener;
import org.springframework.scheduling.annotation.Async;
import org.springframework.scheduling.annotation.EnableAsync;
import org.springframework.stereotype.Component;
import reactor.core.publisher.Mono;

/** Calls locked methods of all kinds, prints what they run under, and ends. Prints the same in every run. */
@Configuration(proxyBeanMethods = false)
@EnableAutoConfiguration(
        excludeName = {
            "org.springframework.boot.autoconfigure.jdbc.DataSourceAutoConfiguration",
            "org.springframework.boot.jdbc.autoconfigure.DataSourceAutoConfiguration",
            "org.springframework.boot.autoconfigure.r2dbc.R2dbcAutoConfiguration",
            "org.springframework.boot.autoconfigure.orm.jpa.HibernateJpaAutoConfiguration",
            "org.springframework.boot.autoconfigure.security.servlet.SecurityAutoConfiguration",
            "org.springframework.boot.autoconfigure.security.servlet.UserDetailsServiceAutoConfiguration"
        })
@EnableAsync
@Import({OrderApplication.Orders.class, OrderApplication.Regions.class, OrderApplication.Told.class})
class OrderApplication {

    private static final LockOptions TAKEN = LockOptions.named("taken");

    private static final long PATIENCE_SECONDS = 60;

    public static void main(String[] args) throws Exception {
        try (ConfigurableApplicationContext context = SpringApplication.run(OrderApplication.class, args)) {
            call(context);
        }
    }

    private static void call(ConfigurableApplicationContext context) throws Exception {
        Orders orders = context.getBean(Orders.class);
        Order order = new Order("42", new Customer("Bern"), 3);
        print("proxy " + AopUtils.isAopProxy(orders));
        print("name " + orders.name(order));
        print("condition " + orders.many(order) + ", " + orders.many(new Order("43", new Customer("Bern"), 30)));
        print("nested " + orders.city(order, new Item(7)));
        print("record " + orders.whole(new Item(8)));
        print("bean " + orders.region("eu"));
        print("times " + orders.times());
        print("lease " + orders.lease(null));
        print("server "
                + context.getBean("reportingLockTemplate", LockOperations.class)
                        .<String, RuntimeException>call("other", Orders::held));
        printContended(context, orders);
        print("stage " + orders.stage("1").get(PATIENCE_SECONDS, TimeUnit.SECONDS));
        print("mono " + orders.mono("2").block(Duration.ofSeconds(PATIENCE_SECONDS)));
        print("async " + orders.async("3").get(PATIENCE_SECONDS, TimeUnit.SECONDS));
        SuspendingJob job = context.getBean(SuspendingJob.class);
        print("suspending "
                + Mono.from(SuspendingJob.start(job, "4", CompletableFuture.completedFuture("done")))
                        .block(Duration.ofSeconds(PATIENCE_SECONDS)));
        printWatched(context);
        LockOperations locks = context.getBean("distributedLockTemplate", LockOperations.class);
        print("left " + locks.holder("taken").isPresent());
    }

    private static void printContended(ConfigurableApplicationContext context, Orders orders) throws Exception {
        LockOperations locks = context.getBean("distributedLockTemplate", LockOperations.class);
        LockLease taken = locks.acquireAsync(TAKEN).toCompletableFuture().get(PATIENCE_SECONDS, TimeUnit.SECONDS);
        print("fallback " + orders.orElse("5"));
        print("skip " + orders.orSkip());
        taken.close();
        print("free " + orders.orElse("6"));
    }

    private static void printWatched(ConfigurableApplicationContext context) {
        Told told = context.getBean(Told.class);
        // the thread of events is behind
        Awaitility.await()
                .atMost(Duration.ofSeconds(PATIENCE_SECONDS))
                .until(() -> told.listened.size() >= 3 && told.published.size() >= 3);
        print("listener " + told.listened);
        print("events " + told.published);
        print("observed " + told.observed);
        print("meters "
                + context.getBean(MeterRegistry.class)
                        .get("distributed.lock.acquire")
                        .tag("lock.name", "times")
                        .tag("outcome", "acquired")
                        .timer()
                        .count());
    }

    private static void print(String line) {
        System.out.println("> " + line);
    }

    @Bean
    SuspendingJob suspendingJob() {
        return new SuspendingJob();
    }

    record Order(String id, Customer customer, int items) {}

    record Customer(String city) {}

    private record Item(long number) {}

    @Component("regions")
    static class Regions {

        public String of(String name) {
            return "region " + name;
        }
    }

    static class Orders {

        @DistributedLock(name = "${orders.name}", key = "#order.id")
        String name(Order order) {
            return held();
        }

        @DistributedLock(name = "many", condition = "#order.items > ${orders.many}")
        String many(Order order) {
            return held();
        }

        @DistributedLock(
                name = "city",
                key = {"#order.customer.city", "#item.number", "#root.method.name"})
        String city(Order order, Item item) {
            return held();
        }

        @DistributedLock(name = "whole", key = "#p0")
        String whole(Item item) {
            return held();
        }

        @DistributedLock(name = "region", key = "${orders.key}")
        String region(String name) {
            return held();
        }

        @DistributedLock(name = "times", leaseTime = "${orders.lease-time}")
        String times() {
            Duration left = LockContext.required().remaining();
            return left.compareTo(Duration.ofMinutes(2)) > 0 ? "long" : "short";
        }

        @DistributedLock(name = "lease")
        String lease(LockLease lease) {
            return lease.name() + " " + lease.isHeld();
        }

        @DistributedLock(name = "taken", waitTime = "${orders.wait-time}", fallback = "instead")
        String orElse(String id) {
            return held();
        }

        private String instead(String id) {
            return "instead of " + id;
        }

        @DistributedLock(name = "taken", onContention = OnContention.SKIP)
        String orSkip() {
            return held();
        }

        @DistributedLock(name = "stage", key = "#id")
        CompletableFuture<String> stage(String id) {
            return CompletableFuture.completedFuture(held());
        }

        @DistributedLock(name = "mono", key = "#id")
        Mono<String> mono(String id) {
            return Mono.fromSupplier(() -> "done");
        }

        @Async
        @DistributedLock(name = "async", key = "#id")
        CompletableFuture<String> async(String id) {
            return CompletableFuture.completedFuture(held());
        }

        private static String held() {
            return LockContext.current()
                    .filter(LockLease::isHeld)
                    .map(LockLease::fullName)
                    .orElse("no lock");
        }
    }

    /** What is told of the lock {@code times}. */
    @Component
    static class Told implements LockListener, ObservationHandler<Observation.Context> {

        private final Set<String> listened = new ConcurrentSkipListSet<>();

        private final Set<String> published = new ConcurrentSkipListSet<>();

        private final Set<String> observed = new ConcurrentSkipListSet<>();

        @Override
        public void onLockEvent(LockEvent event) {
            this.listened.add(event.getClass().getSimpleName());
        }

        @EventListener
        void on(LockEvent event) {
            this.published.add(event.getClass().getSimpleName());
        }

        @Override
        public void onStop(Observation.Context context) {
            this.observed.add(String.valueOf(context.getName()));
        }

        @Override
        public boolean supportsContext(Observation.Context context) {
            return context instanceof LockObservationContext;
        }
    }
}
