package io.github.lockspring.autoconfigure;

import static org.assertj.core.api.Assertions.assertThat;
import static org.mockito.ArgumentMatchers.any;
import static org.mockito.BDDMockito.given;
import static org.mockito.Mockito.inOrder;
import static org.mockito.Mockito.mock;
import static org.mockito.Mockito.never;
import static org.mockito.Mockito.verify;

import io.github.lockspring.LockContext;
import io.github.lockspring.LockEngine;
import io.github.lockspring.LockOperations;
import io.github.lockspring.ProxyKind;
import io.github.lockspring.annotation.DistributedLock;
import io.github.lockspring.interceptor.BeanFactoryLockOperationSourceAdvisor;
import io.github.lockspring.interceptor.InvalidLockAnnotationException;
import io.github.lockspring.redis.RedisLockStore;
import io.github.lockspring.redis.RedisLockStoreSettings;
import java.lang.reflect.Proxy;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Supplier;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.mockito.InOrder;
import org.springframework.aop.framework.Advised;
import org.springframework.boot.Banner;
import org.springframework.boot.WebApplicationType;
import org.springframework.boot.autoconfigure.ImportAutoConfiguration;
import org.springframework.boot.builder.SpringApplicationBuilder;
import org.springframework.boot.test.context.assertj.AssertableApplicationContext;
import org.springframework.boot.test.context.runner.ApplicationContextRunner;
import org.springframework.boot.test.system.CapturedOutput;
import org.springframework.boot.test.system.OutputCaptureExtension;
import org.springframework.context.ConfigurableApplicationContext;
import org.springframework.context.SmartLifecycle;
import org.springframework.context.annotation.AnnotationConfigApplicationContext;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import org.springframework.data.redis.connection.RedisConnectionFactory;

/** Each context of a hierarchy reads, checks and locks the methods of its own beans. */
@ExtendWith(OutputCaptureExtension.class)
class ContextHierarchyTests {

    private static final String REPORTING = "distributed-lock.servers.reporting.command-timeout=3s";

    @ParameterizedTest
    @EnumSource
    void keysReferToBeansOfTheirOwnContext(ProxyKind kind) {
        kind.in(LockContextRunners.memory())
                .withBean("naming", Naming.class, () -> new Naming("parent"))
                .withBean("parentWork", Work.class, NamedWork::new)
                .run(parent -> kind.in(LockContextRunners.memory())
                        .withParent(parent)
                        .withBean("childNaming", Naming.class, () -> new Naming("child"))
                        .withBean("childWork", Work.class, ChildWork::new)
                        .run(child -> {
                            assertThat(key(new Application(kind, parent), "parentWork"))
                                    .isEqualTo("parent-1");
                            assertThat(key(new Application(kind, child), "childWork"))
                                    .isEqualTo("child-1");
                        }));
    }

    @ParameterizedTest
    @EnumSource
    void lockOnceAndByTheEngineOfTheParent(ProxyKind kind) {
        kind.in(LockContextRunners.memory())
                .run(parent -> kind.in(LockContextRunners.memory())
                        .withParent(parent)
                        .withBean("childNaming", Naming.class, () -> new Naming("child"))
                        .withBean("childWork", Work.class, ChildWork::new)
                        .run(child -> {
                            Advised proxy = (Advised) child.getBean("childWork");
                            assertThat(Stream.of(proxy.getAdvisors())
                                            .filter(BeanFactoryLockOperationSourceAdvisor.class::isInstance))
                                    .hasSize(1);
                            assertThat(child.getSourceApplicationContext().containsLocalBean("distributedLockEngine"))
                                    .isFalse();
                            LockOperations parentLocks = parent.getBean(LockOperations.class);
                            new Application(kind, child)
                                    .work("childWork")
                                    .run(
                                            "1",
                                            () -> assertThat(parentLocks.holder("child", "child-1"))
                                                    .isPresent());
                        }));
    }

    @ParameterizedTest
    @EnumSource
    void lockByTheEngineOfTheNearestContext(ProxyKind kind) {
        kind.in(LockContextRunners.memory())
                .run(parent -> kind.in(LockContextRunners.memory())
                        .withParent(parent)
                        .withBean("childNaming", Naming.class, () -> new Naming("child"))
                        .withBean("childWork", Work.class, ChildWork::new)
                        .withBean("mine", LockEngine.class, PassThroughLockEngine::new)
                        .run(child -> {
                            LockOperations parentLocks = parent.getBean(LockOperations.class);
                            new Application(kind, child).work("childWork").run("1", () -> {
                                assertThat(LockContext.current()).isPresent();
                                assertThat(parentLocks.holder("child", "child-1"))
                                        .isEmpty();
                            });
                        }));
    }

    @Test
    void shareTheServersOfTheParent() {
        LockContextRunners.memory()
                .withPropertyValues(REPORTING)
                .run(parent -> LockContextRunners.memory()
                        .withParent(parent)
                        .withPropertyValues(REPORTING, "distributed-lock.servers.other.subscribe=false")
                        .run(child -> {
                            assertThat(child.getBean("reportingLockTemplate"))
                                    .isSameAs(parent.getBean("reportingLockTemplate"));
                            assertThat(localBeans(child)).contains("otherLockStore", "otherLockEngine");
                            assertThat(localBeans(child)).noneMatch(name -> name.startsWith("reporting"));
                        }));
    }

    @Test
    void mayNotMeanAnotherServerByAnIdOfTheParent() {
        LockContextRunners.memory()
                .withPropertyValues(REPORTING)
                .run(parent -> LockContextRunners.memory()
                        .withParent(parent)
                        .withPropertyValues(REPORTING, "distributed-lock.servers.reporting.key-prefix=child:")
                        .run(child -> assertThat(child)
                                .getFailure()
                                .isInstanceOf(InvalidLockPropertiesException.class)
                                .hasMessageContaining("distributed-lock.servers.reporting=")
                                .hasMessageContaining("a parent context has a server of that id with other settings")));
    }

    @Test
    void haveServersOfTheirOwnWhereTheirApplicationDefinesThem() {
        LockOperations mine = mock();
        LockContextRunners.memory()
                .withPropertyValues(REPORTING)
                .run(parent -> LockContextRunners.memory()
                        .withParent(parent)
                        .withPropertyValues(REPORTING)
                        .withBean("reportingLockTemplate", LockOperations.class, () -> mine)
                        .run(child -> assertThat(child.getBean("reportingLockTemplate"))
                                .isSameAs(mine)));
    }

    @Test
    void shareTheServersOfTheParentWhereLockingIsSwitchedOff() {
        LockContextRunners.memory()
                .withPropertyValues(REPORTING)
                .run(parent -> LockContextRunners.plain()
                        .withParent(parent)
                        .withPropertyValues(REPORTING, "distributed-lock.enabled=false")
                        .run(child -> assertThat(child.getBean("reportingLockTemplate"))
                                .isSameAs(parent.getBean("reportingLockTemplate"))));
    }

    @Test
    void endTheirOwnEngineBeforeTheirConnectionsStop() {
        LockEngine mine = mock();
        SmartLifecycle connections = mock();
        given(connections.isRunning()).willReturn(true);
        LockContextRunners.memory()
                .run(parent -> LockContextRunners.memory()
                        .withParent(parent)
                        .withBean("mine", LockEngine.class, () -> mine)
                        .withBean("connections", SmartLifecycle.class, () -> connections)
                        .run(child -> {
                            assertThat(child).hasNotFailed();
                            child.close();
                            InOrder order = inOrder(mine, connections);
                            order.verify(mine).close();
                            order.verify(connections).stop(any());
                        }));
    }

    @Test
    void leaveTheEngineOfTheParentRunning() {
        LockEngine engine = mock();
        new ApplicationContextRunner()
                .withBean("engine", LockEngine.class, () -> engine)
                .run(parent -> {
                    LockContextRunners.plain()
                            .withParent(parent)
                            .run(child -> assertThat(child).hasNotFailed());
                    verify(engine, never()).close();
                });
    }

    @Test
    void endTheirOwnStoreAndNotThatOfTheParent() {
        Supplier<RedisLockStore> stores =
                () -> new RedisLockStore(mock(RedisConnectionFactory.class), RedisLockStoreSettings.DEFAULTS);
        new ApplicationContextRunner()
                .withBean("parentStore", RedisLockStore.class, stores)
                .run(parent -> {
                    LockContextRunners.redis()
                            .withParent(parent)
                            .run(child ->
                                    assertThat(localBeans(child)).doesNotContain("distributedLockStoreLifecycle"));
                    LockContextRunners.redis()
                            .withParent(parent)
                            .withBean("mine", RedisLockStore.class, stores)
                            .run(child -> LockContextRunners.redis()
                                    .withParent(child)
                                    .withBean("mine", RedisLockStore.class, stores)
                                    .run(grandchild -> {
                                        assertThat(localBeans(child)).contains("distributedLockStoreLifecycle");
                                        assertThat(localBeans(grandchild)).contains("distributedLockStoreLifecycle");
                                    }));
                });
    }

    @Test
    void settingsForAChildAreNotCalledUnused(CapturedOutput output) {
        String settings = "distributed-lock.locks.child.wait-time=1s";
        LockContextRunners.memory()
                .withPropertyValues(settings)
                .run(parent -> LockContextRunners.memory()
                        .withParent(parent)
                        .withPropertyValues(settings)
                        .withBean("childNaming", Naming.class, () -> new Naming("child"))
                        .withBean(ChildWork.class)
                        .run(child -> {
                            assertThat(child).hasNotFailed();
                            assertThat(output).doesNotContain("matches no annotated method");
                        }));
        LockContextRunners.memory()
                .withPropertyValues(settings)
                .withBean(NamedWork.class)
                .run(parent -> assertThat(output)
                        .contains("distributed-lock.locks.child matches no annotated method of this context, and"
                                + " changes nothing unless code or a child context uses that name"));
    }

    private static List<String> localBeans(AssertableApplicationContext context) {
        return List.of(context.getSourceApplicationContext().getBeanDefinitionNames());
    }

    @Test
    void checkTheirOwnAnnotations() {
        LockContextRunners.memory()
                .run(parent -> LockContextRunners.memory()
                        .withParent(parent)
                        .withBean(WrongWork.class)
                        .run(child -> assertThat(child)
                                .getFailure()
                                .hasRootCauseInstanceOf(InvalidLockAnnotationException.class)));
    }

    @Test
    void sayWhatIsNotLockedInAChildWithoutAutoConfiguration(CapturedOutput output) {
        try (ConfigurableApplicationContext child = new SpringApplicationBuilder(Locking.class)
                .web(WebApplicationType.NONE)
                .bannerMode(Banner.Mode.OFF)
                .properties("distributed-lock.store=memory")
                .child(Child.class)
                .run()) {
            assertThat(child.getParent()).isNotNull();
        }
        assertThat(output).containsOnlyOnce("run WITHOUT a lock").contains(ChildWork.class.getName() + ".run");
    }

    @Test
    void sayWhatIsNotLockedInAChildThatSpringBootDoesNotKnow(CapturedOutput output) {
        try (ConfigurableApplicationContext parent = new SpringApplicationBuilder(Locking.class)
                        .web(WebApplicationType.NONE)
                        .bannerMode(Banner.Mode.OFF)
                        .run("--distributed-lock.store=memory");
                AnnotationConfigApplicationContext child = new AnnotationConfigApplicationContext()) {
            child.setParent(parent);
            child.register(Child.class);
            child.refresh();
        }
        assertThat(output).containsOnlyOnce("run WITHOUT a lock").contains(ChildWork.class.getName() + ".run");
    }

    @ParameterizedTest
    @EnumSource
    void ofTwoOperationsNeitherMattersWhereThereIsAStore(ProxyKind kind) {
        kind.in(LockContextRunners.memory())
                .withBean("one", LockOperations.class, () -> mock())
                .withBean("other", LockOperations.class, () -> mock())
                .withBean("naming", Naming.class, () -> new Naming("parent"))
                .withBean("work", Work.class, NamedWork::new)
                .run(context ->
                        assertThat(key(new Application(kind, context), "work")).isEqualTo("parent-1"));
    }

    @ParameterizedTest
    @EnumSource
    void ofTwoOperationsWithoutStoreThePrimaryOneLocks(ProxyKind kind) {
        List<Object> asked = new ArrayList<>();
        kind.in(LockContextRunners.plain())
                .withBean("one", LockOperations.class, () -> mock())
                .withBean(
                        "other",
                        LockOperations.class,
                        () -> (LockOperations) Proxy.newProxyInstance(
                                getClass().getClassLoader(),
                                new Class<?>[] {LockOperations.class},
                                (self, method, args) -> {
                                    if (method.getName().equals("hashCode")) {
                                        return 1;
                                    }
                                    asked.add(args[0]);
                                    return null;
                                }),
                        definition -> definition.setPrimary(true))
                .withBean("naming", Naming.class, () -> new Naming("parent"))
                .withBean("work", Work.class, NamedWork::new)
                .run(context -> {
                    new Application(kind, context).work("work").run("1", () -> {});
                    assertThat(asked).hasSize(1);
                });
    }

    @Test
    void ofTwoOperationsWithoutStoreNoneIsGuessed() {
        LockContextRunners.plain()
                .withBean("one", LockOperations.class, () -> mock())
                .withBean("other", LockOperations.class, () -> mock())
                .withBean("naming", Naming.class, () -> new Naming("parent"))
                .withBean("work", Work.class, NamedWork::new)
                .run(context -> assertThat(context).getFailure().isInstanceOf(AmbiguousLockBeansException.class));
    }

    @Test
    void twoOperationsAreNobodysBusinessWithoutAnnotatedMethods() {
        LockContextRunners.plain()
                .withBean("one", LockOperations.class, () -> mock())
                .withBean("other", LockOperations.class, () -> mock())
                .run(context -> assertThat(context).hasNotFailed());
    }

    private static String key(Application application, String bean) {
        List<String> keys = new ArrayList<>();
        application
                .work(bean)
                .run("1", () -> keys.add(LockContext.current().orElseThrow().key()));
        return keys.get(0);
    }

    @Configuration(proxyBeanMethods = false)
    @ImportAutoConfiguration({
        DistributedLockAutoConfiguration.class,
        DistributedLockAspectAutoConfiguration.class,
        LockStoreAutoConfiguration.class
    })
    static class Locking {}

    @Configuration(proxyBeanMethods = false)
    static class Child {

        @Bean
        ChildWork childWork() {
            return new ChildWork();
        }
    }

    /** Public, as expressions call it. */
    public static class Naming {

        private final String prefix;

        Naming(String prefix) {
            this.prefix = prefix;
        }

        public String of(String key) {
            return this.prefix + "-" + key;
        }
    }

    static class NamedWork implements Work {

        @Override
        @DistributedLock(name = "parent", key = "@naming.of(#key)")
        public void run(String key, Runnable body) {
            body.run();
        }
    }

    static class ChildWork implements Work {

        @Override
        @DistributedLock(name = "child", key = "@childNaming.of(#key)")
        public void run(String key, Runnable body) {
            body.run();
        }
    }

    static class WrongWork {

        @DistributedLock(key = "#oder")
        void run(String order) {}
    }
}
