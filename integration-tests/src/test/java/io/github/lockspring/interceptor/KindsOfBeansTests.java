package io.github.lockspring.interceptor;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import io.github.lockspring.ProxyKind;
import io.github.lockspring.annotation.DistributedLock;
import jakarta.annotation.PostConstruct;
import jakarta.annotation.PreDestroy;
import java.lang.reflect.Proxy;
import org.aspectj.lang.annotation.Aspect;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.springframework.aop.framework.autoproxy.DefaultAdvisorAutoProxyCreator;
import org.springframework.beans.factory.BeanNameAware;
import org.springframework.beans.factory.DisposableBean;
import org.springframework.beans.factory.FactoryBean;
import org.springframework.beans.factory.InitializingBean;
import org.springframework.beans.factory.annotation.Autowired;
import org.springframework.beans.factory.config.BeanDefinition;
import org.springframework.beans.factory.config.BeanDefinitionCustomizer;
import org.springframework.beans.factory.config.CustomScopeConfigurer;
import org.springframework.beans.factory.support.RootBeanDefinition;
import org.springframework.boot.autoconfigure.AutoConfigurations;
import org.springframework.boot.autoconfigure.aop.AopAutoConfiguration;
import org.springframework.boot.test.context.assertj.AssertableApplicationContext;
import org.springframework.boot.test.context.runner.ApplicationContextRunner;
import org.springframework.boot.test.system.CapturedOutput;
import org.springframework.boot.test.system.OutputCaptureExtension;
import org.springframework.context.SmartLifecycle;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.ComponentScan.Filter;
import org.springframework.context.annotation.Configuration;
import org.springframework.context.annotation.FilterType;
import org.springframework.context.annotation.Scope;
import org.springframework.context.annotation.ScopedProxyMode;
import org.springframework.context.support.GenericApplicationContext;
import org.springframework.context.support.SimpleThreadScope;
import org.springframework.core.NestedExceptionUtils;
import org.springframework.core.env.Environment;
import org.springframework.data.annotation.Id;
import org.springframework.data.map.repository.config.EnableMapRepositories;
import org.springframework.data.repository.CrudRepository;

/** Beans that are not made, or not proxied, like others: locked once, or refused with the right reason. */
@ExtendWith(OutputCaptureExtension.class)
class KindsOfBeansTests {

    @ParameterizedTest
    @EnumSource
    void refusesAFinalClass(ProxyKind kind) {
        LockingConfiguration.runner(kind).withBean(FinalClass.class).run(context -> {
            if (kind == ProxyKind.CLASS) {
                assertRefused(
                        context, FinalClass.class.getName() + ".run(String)", "the class is final", "Remove final");
            } else {
                context.getBean(Job.class).run("a");
                assertThat(locked(context)).isEqualTo(FinalClass.class.getName() + ".run");
            }
        });
    }

    @ParameterizedTest
    @EnumSource
    void refusesAFinalClassWithoutInterface(ProxyKind kind) {
        LockingConfiguration.runner(kind)
                .withBean(FinalWithoutInterface.class)
                .run(context ->
                        assertRefused(context, FinalWithoutInterface.class.getName() + ".run()", "the class is final"));
    }

    @ParameterizedTest
    @EnumSource
    void leavesFinalClassesWithoutLockAlone(ProxyKind kind) {
        LockingConfiguration.runner(kind)
                .withBean("text", String.class, () -> "text")
                .withBean("record", FreeRecord.class, () -> new FreeRecord(1))
                .run(context -> assertThat(context).hasNotFailed());
    }

    @ParameterizedTest
    @EnumSource
    void saysThatAnAspectIsNotProxied(ProxyKind kind) {
        LockingConfiguration.runner(kind)
                .withConfiguration(AutoConfigurations.of(AopAutoConfiguration.class))
                .withBean(LockedAspect.class)
                .run(context -> assertRefused(
                        context, LockedAspect.class.getName() + ".run(String)", "is an aspect", "another bean"));
    }

    @ParameterizedTest
    @EnumSource
    void locksOnceWhereAnotherCreatorMakesProxies(ProxyKind kind) {
        for (Class<? extends Job> type : new Class[] {ReportJob.class, OfInterface.class}) {
            for (boolean classes : new boolean[] {true, false}) {
                LockingConfiguration.runner(kind)
                        .withBean(type)
                        .withBean(DefaultAdvisorAutoProxyCreator.class, () -> creator(classes))
                        .run(context -> {
                            context.getBean(Job.class).run("a");
                            assertThat(locked(context)).isEqualTo(type.getName() + ".run");
                        });
            }
        }
    }

    private static DefaultAdvisorAutoProxyCreator creator(boolean classes) {
        DefaultAdvisorAutoProxyCreator creator = new DefaultAdvisorAutoProxyCreator();
        creator.setProxyTargetClass(classes);
        return creator;
    }

    @ParameterizedTest
    @EnumSource
    void locksAScopedBeanOnce(ProxyKind kind) {
        LockingConfiguration.runner(kind)
                .withUserConfiguration(kind == ProxyKind.CLASS ? ScopedClass.class : ScopedInterfaces.class)
                .run(context -> {
                    Job job = context.getBean(Job.class);
                    kind.assertIsKindOf(job);
                    job.run("a");
                    assertThat(locked(context)).isEqualTo(ReportJob.class.getName() + ".run");
                });
    }

    @ParameterizedTest
    @EnumSource
    void locksARepository(ProxyKind kind) {
        LockingConfiguration.runner(kind)
                .withUserConfiguration(Repositories.class)
                .run(context -> {
                    Notes notes = context.getBean(Notes.class);
                    notes.save(new Note("a"));
                    assertThat(notes.findByText("a")).isNotNull();
                    assertThat(context.getBean(RecordingLocks.class).locked()).containsExactly("find:a");
                });
    }

    @ParameterizedTest
    @EnumSource
    void locksEveryMethodOfAnAnnotatedRepository(ProxyKind kind) {
        LockingConfiguration.runner(kind)
                .withUserConfiguration(LockedRepositories.class)
                .run(context -> {
                    LockedNotes notes = context.getBean(LockedNotes.class);
                    notes.save(new Note("a"));
                    notes.twice("a");
                    assertThat(context.getBean(RecordingLocks.class).locked()).containsExactly("notes", "notes");
                });
    }

    @ParameterizedTest
    @EnumSource
    void locksAClientThatIsGeneratedFromAnInterface(ProxyKind kind) {
        LockingConfiguration.runner(kind)
                .withBean("client", ClientFactory.class)
                .run(context -> {
                    context.getBean(Client.class).get("a");
                    assertThat(locked(context)).isEqualTo("client:a");
                });
    }

    @ParameterizedTest
    @EnumSource
    void locksAListener(ProxyKind kind) {
        LockingConfiguration.runner(kind)
                .withBean("listener", Subscriber.class)
                .withBean(Registrar.OrderedRegistrar.class)
                .run(context -> {
                    context.getBean(Registrar.class).callAll();
                    assertThat(locked(context)).isEqualTo("message");
                });
    }

    @ParameterizedTest
    @EnumSource
    void refusesALazyBeanAtStart(ProxyKind kind) {
        for (Class<?> type : new Class<?>[] {
            WrongJobs.UnknownVariable.class, WrongJobs.PrivateMethod.class, FinalWithoutInterface.class
        }) {
            notCreated(kind, type, BeanDefinition.SCOPE_SINGLETON)
                    .run(context -> assertRefused(context, type.getName()));
            notCreated(kind, type, BeanDefinition.SCOPE_PROTOTYPE)
                    .run(context -> assertRefused(context, type.getName()));
        }
    }

    @ParameterizedTest
    @EnumSource
    void warnsOfALazyBeanWhoseClassMayBeAnother(ProxyKind kind, CapturedOutput output) {
        LockingConfiguration.runner(kind)
                .withBean(
                        WrongJobs.UnknownVariable.class,
                        WrongJobs.UnknownVariable::new,
                        definition -> definition.setLazyInit(true))
                .run(context -> {
                    assertThat(context).hasNotFailed();
                    assertThat(output).containsOnlyOnce("unknown variable #oder");
                    assertThatExceptionOfType(Exception.class)
                            .isThrownBy(() -> context.getBean(Job.class))
                            .withRootCauseInstanceOf(InvalidLockAnnotationException.class);
                });
    }

    @ParameterizedTest
    @EnumSource
    void createsNoLazyBeanToCheckIt(ProxyKind kind) {
        notCreated(kind, ReportJob.class, BeanDefinition.SCOPE_SINGLETON)
                .run(context -> assertThat(context.getBeanFactory().containsSingleton("lazy"))
                        .isFalse());
    }

    @Test
    void saysThatABeanMethodLocksTheCreationOnly(CapturedOutput output) {
        LockingConfiguration.runner(ProxyKind.CLASS)
                .withUserConfiguration(LockedCreation.class)
                .run(context -> {
                    assertThat(context).hasNotFailed();
                    assertThat(locked(context)).isEqualTo("creation");
                    assertThat(output).contains(LockedCreation.class.getName() + ".job()", "while the bean is created");
                });
    }

    @ParameterizedTest
    @EnumSource
    void refusesACallbackOfTheContainer(ProxyKind kind) {
        for (Class<?> type : new Class<?>[] {
            AfterConstruction.class,
            BeforeDestruction.class,
            Overriding.class,
            Initializing.class,
            Stopping.class,
            StoppingByDefault.class,
            Injected.class,
            OfAware.class
        }) {
            LockingConfiguration.runner(kind)
                    .withBean(type)
                    .run(context ->
                            assertRefused(context, type.getName(), "the container calls it on the bean itself"));
            notCreated(kind, type, BeanDefinition.SCOPE_SINGLETON)
                    .run(context ->
                            assertRefused(context, type.getName(), "the container calls it on the bean itself"));
        }
    }

    @ParameterizedTest
    @EnumSource
    void refusesACallbackThatTheDefinitionNames(ProxyKind kind) {
        String refused = "the container calls it on the bean itself";
        withDefinition(kind, definition -> definition.setInitMethodName("call"))
                .run(context -> assertRefused(context, refused));
        withDefinition(kind, definition -> definition.setDestroyMethodName("call"))
                .run(context -> assertRefused(context, refused));
        withDefinition(kind, definition -> {})
                .run(context -> assertThat(context).hasNotFailed());
        closing(kind, definition -> {}).run(context -> assertRefused(context, refused));
        closing(kind, definition -> definition.setDestroyMethodName(""))
                .run(context -> assertThat(context).hasNotFailed());
        closing(kind, definition -> definition.setScope(BeanDefinition.SCOPE_PROTOTYPE))
                .run(context -> assertThat(context).hasNotFailed());
    }

    @ParameterizedTest
    @EnumSource
    void acceptsWhatThePrototypeIsNotToldAtItsEnd(ProxyKind kind) {
        notCreated(kind, BeforeDestruction.class, BeanDefinition.SCOPE_PROTOTYPE)
                .run(context -> assertThat(context).hasNotFailed());
        notCreated(kind, Stopping.class, BeanDefinition.SCOPE_PROTOTYPE)
                .run(context -> assertThat(context).hasNotFailed());
    }

    @ParameterizedTest
    @EnumSource
    void warnsOfAStopThatTheContainerDoesNotCallItself(ProxyKind kind, CapturedOutput output) {
        LockingConfiguration.runner(kind)
                .withBean(StoppedByItself.class)
                .run(context -> assertThat(context).hasNotFailed());
        assertThat(output)
                .containsOnlyOnce("the container calls stop(Runnable) of the bean")
                .contains(StoppedByItself.class.getName() + ".stop()");
    }

    private static ApplicationContextRunner closing(ProxyKind kind, BeanDefinitionCustomizer customizer) {
        return LockingConfiguration.runner(kind).withBean(Closing.class, Closing::new, customizer);
    }

    private static ApplicationContextRunner withDefinition(ProxyKind kind, BeanDefinitionCustomizer customizer) {
        return LockingConfiguration.runner(kind).withBean(LockedCallback.class, LockedCallback::new, customizer);
    }

    @ParameterizedTest
    @EnumSource
    void warnsOfACallbackOfAnAnnotatedClass(ProxyKind kind, CapturedOutput output) {
        LockingConfiguration.runner(kind).withBean(AnnotatedClass.class).run(context -> {
            assertThat(context).hasNotFailed();
            assertThat(output)
                    .containsOnlyOnce("the container calls it on the bean itself")
                    .contains(AnnotatedClass.class.getName() + ".destroy()");
        });
    }

    private static ApplicationContextRunner notCreated(ProxyKind kind, Class<?> type, String scope) {
        RootBeanDefinition definition = new RootBeanDefinition(type);
        definition.setScope(scope);
        definition.setLazyInit(true);
        return LockingConfiguration.runner(kind)
                .withInitializer(
                        context -> ((GenericApplicationContext) context).registerBeanDefinition("lazy", definition));
    }

    private static String locked(AssertableApplicationContext context) {
        assertThat(context).hasNotFailed();
        assertThat(context.getBean(RecordingLocks.class).locked()).hasSize(1);
        return context.getBean(RecordingLocks.class).locked().get(0);
    }

    private static void assertRefused(AssertableApplicationContext context, String... message) {
        assertThat(context).hasFailed();
        assertThat(NestedExceptionUtils.getMostSpecificCause(context.getStartupFailure()))
                .isInstanceOf(InvalidLockAnnotationException.class)
                .hasMessageContainingAll(message);
    }

    static final class FinalClass implements Job {

        @Override
        @DistributedLock
        public Object run(String argument) {
            return argument;
        }
    }

    static final class FinalWithoutInterface {

        @DistributedLock
        void run() {}
    }

    record FreeRecord(int number) {}

    @Aspect
    static class LockedAspect implements Job {

        @Override
        @DistributedLock
        public Object run(String argument) {
            return argument;
        }
    }

    interface Callback {

        void call();
    }

    static class LockedCallback implements Callback {

        @Override
        @DistributedLock
        public void call() {}
    }

    static class AfterConstruction implements Callback {

        @Override
        @PostConstruct
        @DistributedLock
        public void call() {}
    }

    static class Base implements Callback {

        @Override
        @PostConstruct
        public void call() {}
    }

    static class Overriding extends Base {

        @Override
        @DistributedLock
        public void call() {}
    }

    static class Stopping implements SmartLifecycle {

        @Override
        public void start() {}

        @Override
        @DistributedLock
        public void stop() {}

        @Override
        public boolean isRunning() {
            return false;
        }
    }

    static class StoppedByItself extends Stopping {

        @Override
        @DistributedLock
        public void stop() {}

        @Override
        public void stop(Runnable callback) {
            stop();
            callback.run();
        }
    }

    interface Stoppable extends SmartLifecycle {

        @Override
        default void stop(Runnable callback) {
            stop();
            callback.run();
        }
    }

    static class StoppingByDefault extends Stopping implements Stoppable {

        @Override
        @DistributedLock
        public void stop() {}
    }

    interface Injectable {

        void inject(Environment environment);
    }

    static class Injected implements Injectable {

        @Override
        @Autowired
        @DistributedLock
        public void inject(Environment environment) {}
    }

    static class OfAware implements BeanNameAware {

        @Override
        @DistributedLock
        public void setBeanName(String name) {}
    }

    static class Closing implements AutoCloseable {

        @Override
        @DistributedLock
        public void close() {}
    }

    static class BeforeDestruction implements Callback {

        @Override
        @PreDestroy
        @DistributedLock
        public void call() {}
    }

    static class Initializing implements InitializingBean {

        @Override
        @DistributedLock
        public void afterPropertiesSet() {}
    }

    @DistributedLock
    static class AnnotatedClass implements Callback, DisposableBean {

        @Override
        public void call() {}

        @Override
        public void destroy() {}
    }

    interface LockedJob extends Job {

        @Override
        @DistributedLock
        Object run(String argument);
    }

    static class OfInterface implements LockedJob {

        @Override
        public Object run(String argument) {
            return argument;
        }
    }

    @Configuration(proxyBeanMethods = false)
    static class Scopes {

        @Bean
        static CustomScopeConfigurer scopes() {
            CustomScopeConfigurer scopes = new CustomScopeConfigurer();
            scopes.addScope("thread", new SimpleThreadScope());
            return scopes;
        }
    }

    @Configuration(proxyBeanMethods = false)
    static class ScopedClass extends Scopes {

        @Bean
        @Scope(scopeName = "thread", proxyMode = ScopedProxyMode.TARGET_CLASS)
        ReportJob job() {
            return new ReportJob();
        }
    }

    @Configuration(proxyBeanMethods = false)
    static class ScopedInterfaces extends Scopes {

        @Bean
        @Scope(scopeName = "thread", proxyMode = ScopedProxyMode.INTERFACES)
        ReportJob job() {
            return new ReportJob();
        }
    }

    static class Note {

        @Id
        String id;

        String text;

        Note(String text) {
            this.text = text;
        }
    }

    interface Notes extends CrudRepository<Note, String> {

        @DistributedLock(name = "find", key = "#text")
        Note findByText(String text);
    }

    @DistributedLock("notes")
    interface LockedNotes extends CrudRepository<Note, String> {

        default void twice(String text) {}
    }

    @Configuration(proxyBeanMethods = false)
    @EnableMapRepositories(
            considerNestedRepositories = true,
            includeFilters = @Filter(type = FilterType.ASSIGNABLE_TYPE, classes = Notes.class),
            excludeFilters = @Filter(type = FilterType.ASSIGNABLE_TYPE, classes = LockedNotes.class))
    static class Repositories {}

    @Configuration(proxyBeanMethods = false)
    @EnableMapRepositories(
            considerNestedRepositories = true,
            excludeFilters = @Filter(type = FilterType.ASSIGNABLE_TYPE, classes = Notes.class))
    static class LockedRepositories {}

    interface Client {

        @DistributedLock(name = "client", key = "#p0")
        String get(String path);
    }

    static class ClientFactory implements FactoryBean<Client> {

        @Override
        public Client getObject() {
            return (Client) Proxy.newProxyInstance(
                    Client.class.getClassLoader(),
                    new Class<?>[] {Client.class},
                    (proxy, method, arguments) -> method.getName().equals("get") ? arguments[0] : null);
        }

        @Override
        public Class<?> getObjectType() {
            return Client.class;
        }
    }

    interface MessageHandler {

        void onMessage();
    }

    static class Subscriber implements MessageHandler {

        @Override
        @Registered
        @DistributedLock("message")
        public void onMessage() {}
    }

    @Configuration(proxyBeanMethods = false)
    static class LockedCreation {

        @Bean
        @DistributedLock("creation")
        Object job() {
            return new Object();
        }
    }
}
