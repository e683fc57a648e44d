package io.github.lockspring.observation;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;
import static org.mockito.Mockito.mock;

import ch.qos.logback.classic.Level;
import io.github.lockspring.LockEngine;
import io.github.lockspring.LockOperations;
import io.github.lockspring.LockOptions;
import io.github.lockspring.LockRequest;
import io.github.lockspring.LockSettings;
import io.github.lockspring.LockTemplate;
import io.github.lockspring.LogCapture;
import io.github.lockspring.autoconfigure.LockContextRunners;
import io.micrometer.common.KeyValues;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.binder.MeterBinder;
import io.micrometer.core.instrument.composite.CompositeMeterRegistry;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import io.micrometer.observation.Observation;
import io.micrometer.observation.ObservationHandler;
import io.micrometer.observation.ObservationRegistry;
import io.micrometer.prometheusmetrics.PrometheusMeterRegistry;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.springframework.beans.factory.ObjectProvider;
import org.springframework.beans.factory.support.AbstractBeanDefinition;
import org.springframework.boot.LazyInitializationBeanFactoryPostProcessor;
import org.springframework.boot.test.context.FilteredClassLoader;
import org.springframework.boot.test.context.runner.ApplicationContextRunner;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;

/** Metrics and observations with the auto-configurations of the Boot line under test. */
class LockObservationAutoConfigurationTests {

    private final ApplicationContextRunner runner = LockContextRunners.monitored();

    @Test
    void locksAreMeteredInTheRegistryOfTheApplication() {
        this.runner.run(context -> {
            assertThat(context).hasNotFailed().hasSingleBean(LockMetrics.class).hasSingleBean(ObservedLocks.class);
            context.getBean(LockOperations.class).run("order", () -> {
                assertThat(scrape(context.getBean(PrometheusMeterRegistry.class)))
                        .contains("distributed_lock_held{lock_name=\"order\"} 1.0");
            });
            assertThat(scrape(context.getBean(PrometheusMeterRegistry.class)))
                    .contains("distributed_lock_acquire_seconds_count{lock_name=\"order\",outcome=\"acquired\"} 1")
                    .contains("distributed_lock_hold_seconds_count{lock_name=\"order\",outcome=\"released\"} 1")
                    .doesNotContain("error=\"")
                    .doesNotContain("_active_");
        });
    }

    @Test
    void severalRegistriesHaveTheSameMetersAndTheirCompositeFindsThem() {
        this.runner
                .withBean("second", SimpleMeterRegistry.class, SimpleMeterRegistry::new)
                .run(context -> {
                    context.getBean(LockOperations.class).run("order", () -> {});
                    MeterRegistry primary = context.getBean(MeterRegistry.class);
                    assertThat(primary).isInstanceOf(CompositeMeterRegistry.class);
                    for (MeterRegistry registry : List.of(primary, context.getBean(SimpleMeterRegistry.class))) {
                        assertThat(registry.get("distributed.lock.hold")
                                        .tag("outcome", "released")
                                        .timer()
                                        .count())
                                .isEqualTo(1);
                    }
                });
    }

    @Test
    void handlersOfTheApplicationAreTold() {
        this.runner.withUserConfiguration(Handler.class).run(context -> {
            context.getBean(LockOperations.class).run("order", () -> {});
            assertThat(context.getBean(Handler.class).ended)
                    .containsExactly("distributed.lock.acquire", "distributed.lock.hold");
            assertThat(scrape(context.getBean(PrometheusMeterRegistry.class))).doesNotContain("error=\"");
        });
    }

    @Test
    void aConventionOfTheApplicationWins() {
        this.runner
                .withUserConfiguration(Handler.class)
                .withBean(LockObservationConvention.class, TeamConvention::new)
                .run(context -> {
                    context.getBean(LockOperations.class).run("order", () -> {});
                    assertThat(context.getBean(Handler.class).ended)
                            .containsExactly("team.distributed.lock.acquire", "team.distributed.lock.hold");
                });
    }

    @Test
    void aConventionWithoutNamesFailsTheStart() {
        this.runner
                .withBean(LockObservationConvention.class, NamelessConvention::new)
                .run(context -> assertThat(context)
                        .getFailure()
                        .rootCause()
                        .hasMessage(NamelessConvention.class.getName()
                                + " has no name for the observation ACQUIRE: return one from nameOf"));
    }

    @Test
    void propertiesSwitchThemOff() {
        this.runner.withPropertyValues("distributed-lock.metrics.enabled=false").run(context -> {
            assertThat(context)
                    .doesNotHaveBean(LockMetrics.class)
                    .doesNotHaveBean(UnmeteredLockObservations.class)
                    .hasSingleBean(ObservedLocks.class);
            context.getBean(LockOperations.class).run("order", () -> {});
            assertThat(scrape(context.getBean(PrometheusMeterRegistry.class)))
                    .as("timers of the observations, by Micrometer's own handler")
                    .contains("distributed_lock_hold_seconds_count{error=\"none\"");
        });
        this.runner
                .withPropertyValues("distributed-lock.observation.enabled=false")
                .run(context ->
                        assertThat(context).hasSingleBean(LockMetrics.class).doesNotHaveBean(ObservedLocks.class));
        this.runner
                .withPropertyValues("distributed-lock.enabled=false")
                .run(context -> assertThat(context)
                        .hasNotFailed()
                        .doesNotHaveBean(ObservedLocks.class)
                        .doesNotHaveBean("distributedLockMetrics"));
    }

    @Test
    void theLimitOfNamesIsAProperty() {
        this.runner.withPropertyValues("distributed-lock.metrics.max-names=1").run(context -> {
            LockOperations locks = context.getBean(LockOperations.class);
            locks.run("order", () -> {});
            locks.run("invoice", () -> {});
            assertThat(scrape(context.getBean(PrometheusMeterRegistry.class)))
                    .contains("lock_name=\"order\"", "lock_name=\"other\"")
                    .doesNotContain("invoice");
        });
        this.runner
                .withPropertyValues("distributed-lock.metrics.max-names=0")
                .run(context -> assertThat(context)
                        .getFailure()
                        .rootCause()
                        .hasMessageContaining("distributed-lock.metrics.max-names"));
    }

    @Test
    void metersAndObservationsHaveTheSameNamesAndTooManyAreWarnedOfOnce() {
        try (LogCapture log = LogCapture.info(BoundedNames.class)) {
            this.runner
                    .withUserConfiguration(Handler.class)
                    .withPropertyValues("distributed-lock.metrics.max-names=1")
                    .run(context -> {
                        context.getBean(ObservedLocks.class).begin(request("order"));
                        context.getBean(LockOperations.class).run("invoice", () -> {});
                        assertThat(scrape(context.getBean(PrometheusMeterRegistry.class)))
                                .contains("lock_name=\"other\"")
                                .doesNotContain("invoice");
                        context.getBean(LockOperations.class).run("order", () -> {});
                        assertThat(scrape(context.getBean(PrometheusMeterRegistry.class)))
                                .contains("lock_name=\"order\"");
                    });
            assertThat(log.said(Level.WARN))
                    .singleElement()
                    .asString()
                    .contains("More than 1 lock names", "distributed-lock.metrics.max-names");
        }
    }

    @Test
    void nothingIsThereWithoutRegistries() {
        LockContextRunners.memory()
                .withConfiguration(LockContextRunners.observation())
                .run(context -> assertThat(context)
                        .hasNotFailed()
                        .doesNotHaveBean(ObservedLocks.class)
                        .doesNotHaveBean("distributedLockMetrics"));
    }

    @Test
    void locksWorkWithoutMicrometersMeters() {
        this.runner
                .withClassLoader(new FilteredClassLoader("io.micrometer.core", "io.micrometer.prometheusmetrics"))
                .run(context -> {
                    assertThat(context).hasNotFailed().doesNotHaveBean("distributedLockMetrics");
                    context.getBean(LockOperations.class).run("order", () -> {});
                });
    }

    @Test
    void locksWorkWithoutMicrometer() {
        LockContextRunners.memory()
                .withConfiguration(LockContextRunners.observation())
                .withClassLoader(new FilteredClassLoader("io.micrometer"))
                .run(context -> {
                    assertThat(context)
                            .hasNotFailed()
                            .doesNotHaveBean(ObservedLocks.class)
                            .doesNotHaveBean("distributedLockMetrics");
                    context.getBean(LockOperations.class).run("order", () -> {});
                });
    }

    @Test
    void gaugesCreateNoEngine() {
        this.runner
                .withBean("lazyEngine", LockEngine.class, () -> mock(LockEngine.class), definition -> {
                    definition.setLazyInit(true);
                    ((AbstractBeanDefinition) definition).setDefaultCandidate(false);
                })
                .run(context -> {
                    context.getBean(LockOperations.class).run("order", () -> {
                        assertThat(scrape(context.getBean(PrometheusMeterRegistry.class)))
                                .contains("distributed_lock_held{lock_name=\"order\"} 1.0");
                    });
                    assertThat(context.getBeanFactory().containsSingleton("lazyEngine"))
                            .isFalse();
                });
    }

    /** What a registry and its handlers need may lock: the engine needs no registry to be created. */
    @Test
    void whatRegistriesNeedMayLock() {
        this.runner.withUserConfiguration(LockingHandler.class).run(context -> {
            assertThat(context).hasNotFailed();
            context.getBean(LockOperations.class).run("order", () -> {});
            assertThat(scrape(context.getBean(PrometheusMeterRegistry.class)))
                    .contains("distributed_lock_hold_seconds_count{lock_name=\"order\"");
        });
    }

    /**
     * The first call looks up the registry and waits for Spring, as another thread creates a bean; what that bean needs
     * asks for a lock, too. Were they to wait for each other, the context could not be closed.
     */
    @Test
    @Timeout(value = 60, threadMode = Timeout.ThreadMode.SEPARATE_THREAD)
    void aBeanMayLockWhileAFirstCallWaitsForItsRegistry() {
        this.runner
                .withInitializer(context ->
                        context.addBeanFactoryPostProcessor(new LazyInitializationBeanFactoryPostProcessor()))
                .withUserConfiguration(Handler.class, LockingBean.class)
                .run(context -> {
                    LockTemplate locks = context.getBean(LockTemplate.class);
                    CompletableFuture<Void> first = new CompletableFuture<>();
                    LockingBean.firstCall = new Thread(() -> {
                        locks.run("first", () -> {});
                        first.complete(null);
                    });
                    CompletableFuture<Object> bean =
                            CompletableFuture.supplyAsync(() -> context.getBean("lockingBean"));
                    assertThat(bean).succeedsWithin(Duration.ofSeconds(30)).isEqualTo("has locked");
                    assertThat(first).succeedsWithin(Duration.ofSeconds(30));
                });
    }

    @Test
    void metricsAreBoundAsAnyBinder() {
        this.runner.run(context -> assertThat(context.getBeansOfType(MeterBinder.class))
                .containsValue(context.getBean(LockMetrics.class)));
    }

    private static LockRequest request(String name) {
        return LockSettings.DEFAULTS.resolve(LockOptions.named(name));
    }

    private static String scrape(PrometheusMeterRegistry registry) {
        return registry.scrape();
    }

    private static final class TeamConvention extends DefaultLockObservationConvention {

        @Override
        public String nameOf(LockObservation observation) {
            return "team." + super.nameOf(observation);
        }

        @Override
        public KeyValues getHighCardinalityKeyValues(LockObservationContext context) {
            return KeyValues.empty();
        }
    }

    private static final class NamelessConvention extends DefaultLockObservationConvention {

        @Override
        public String nameOf(LockObservation observation) {
            return "";
        }
    }

    /** In place of one that makes spans. */
    static class Handler implements ObservationHandler<LockObservationContext> {

        final List<String> ended = new CopyOnWriteArrayList<>();

        @Override
        public void onStop(LockObservationContext context) {
            this.ended.add(String.valueOf(context.getName()));
        }

        @Override
        public boolean supportsContext(Observation.Context context) {
            return context instanceof LockObservationContext;
        }
    }

    @Configuration(proxyBeanMethods = false)
    static class LockingBean {

        static Thread firstCall;

        /** Once the first call waits. */
        @Bean
        String lockingBean(LockTemplate locks) {
            firstCall.start();
            await().until(() -> firstCall.getState() == Thread.State.WAITING
                    && Stream.of(firstCall.getStackTrace())
                            .anyMatch(frame -> frame.getClassName().equals(ObservedLocks.class.getName())));
            locks.run("second", () -> {});
            return "has locked";
        }
    }

    @Configuration(proxyBeanMethods = false)
    static class LockingHandler {

        @Bean
        ObservationHandler<Observation.Context> lockingHandler(
                LockTemplate template, ObjectProvider<ObservationRegistry> registry) {
            return context -> template != null && registry != null;
        }

        @Bean
        SimpleMeterRegistry lockingRegistry(LockTemplate template) {
            assertThat(template).isNotNull();
            return new SimpleMeterRegistry();
        }
    }
}
