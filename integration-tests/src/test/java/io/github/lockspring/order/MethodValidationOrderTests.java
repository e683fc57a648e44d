package io.github.lockspring.order;

import static io.github.lockspring.order.OrderedContexts.heldElsewhere;
import static io.github.lockspring.order.OrderedContexts.journal;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import io.github.lockspring.LockLease;
import io.github.lockspring.LockNotAcquiredException;
import io.github.lockspring.ProxyKind;
import io.github.lockspring.annotation.DistributedLock;
import jakarta.validation.Constraint;
import jakarta.validation.ConstraintValidator;
import jakarta.validation.ConstraintValidatorContext;
import jakarta.validation.ConstraintViolationException;
import jakarta.validation.Payload;
import jakarta.validation.Validator;
import jakarta.validation.constraints.NotNull;
import java.lang.annotation.Retention;
import java.lang.annotation.RetentionPolicy;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Future;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.springframework.beans.factory.ObjectProvider;
import org.springframework.boot.autoconfigure.AutoConfigurations;
import org.springframework.boot.test.context.runner.ApplicationContextRunner;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import org.springframework.core.task.SimpleAsyncTaskExecutor;
import org.springframework.scheduling.annotation.Async;
import org.springframework.scheduling.annotation.EnableAsync;
import org.springframework.security.access.AccessDeniedException;
import org.springframework.security.access.prepost.PreAuthorize;
import org.springframework.security.authentication.TestingAuthenticationToken;
import org.springframework.security.config.annotation.method.configuration.EnableMethodSecurity;
import org.springframework.security.core.context.SecurityContextHolder;
import org.springframework.transaction.annotation.EnableTransactionManagement;
import org.springframework.transaction.annotation.Transactional;
import org.springframework.util.ClassUtils;
import org.springframework.validation.annotation.Validated;
import org.springframework.validation.beanvalidation.MethodValidationPostProcessor;

/** Arguments are validated before the lock is taken, and everything under it as ever. */
class MethodValidationOrderTests {

    private static final String[] AUTO_CONFIGURATIONS = {
        "org.springframework.boot.validation.autoconfigure.ValidationAutoConfiguration",
        "org.springframework.boot.autoconfigure.validation.ValidationAutoConfiguration"
    };

    @ParameterizedTest
    @EnumSource
    void invalidArgumentDoesNotWaitForTheLock(ProxyKind kind) {
        runner(kind).run(context -> {
            Office office = kind.bean(context, Office.class);
            try (LockLease lease = heldElsewhere(context, "bad");
                    LockLease other = heldElsewhere(context, "good")) {
                assertThatExceptionOfType(ConstraintViolationException.class).isThrownBy(() -> office.run("bad"));
                assertThatExceptionOfType(LockNotAcquiredException.class).isThrownBy(() -> office.run("good"));
                assertThat(lease.isHeld() && other.isHeld()).isTrue();
            }
        });
    }

    @ParameterizedTest
    @EnumSource
    void invalidArgumentTakesNoLockAndOthersAreLookedAtAgainUnderIt(ProxyKind kind) {
        runner(kind).run(context -> {
            Office office = kind.bean(context, Office.class);

            assertThatExceptionOfType(ConstraintViolationException.class).isThrownBy(() -> office.run("bad"));
            assertThat(journal(context)).containsExactly("validate bad");

            journal(context).clear();
            office.run("good");
            assertThat(journal(context)).containsExactly("validate good", "validate good, locked", "body, locked");
        });
    }

    /** The key of the absent argument would be an error of its own. */
    @ParameterizedTest
    @EnumSource
    void absentArgumentIsReportedByItsConstraint(ProxyKind kind) {
        runner(kind).run(context -> {
            Office office = kind.bean(context, Office.class);
            assertThatExceptionOfType(ConstraintViolationException.class).isThrownBy(() -> office.run(null));
        });
    }

    @ParameterizedTest
    @EnumSource
    void transactionWhoseResultIsInvalidRollsBackUnderTheLock(ProxyKind kind) {
        runner(kind).withUserConfiguration(Transactions.class).run(context -> {
            Office office = kind.bean(context, Office.class);

            assertThatExceptionOfType(ConstraintViolationException.class).isThrownBy(() -> office.run("nothing"));

            assertThat(journal(context))
                    .containsExactly(
                            "validate nothing",
                            "begin, locked",
                            "validate nothing, locked",
                            "body, locked",
                            "rollback, locked");
        });
    }

    @ParameterizedTest
    @EnumSource
    void methodsWithoutLockAreValidatedOnce(ProxyKind kind) {
        runner(kind).run(context -> {
            kind.bean(context, Office.class).runUnlocked("good");
            assertThat(journal(context)).containsExactly("validate good", "body");
        });
    }

    @ParameterizedTest
    @EnumSource
    void validatesOnceWhereTheApplicationHasPutItsValidationFirst(ProxyKind kind) {
        runner(kind).withUserConfiguration(FirstOfAll.class).run(context -> {
            Office office = kind.bean(context, Office.class);
            office.run("good");
            assertThat(journal(context)).containsExactly("validate good", "body, locked");
        });
    }

    @ParameterizedTest
    @EnumSource
    void validatesBeforeALockOfAnotherOrder(ProxyKind kind) {
        runner(kind).withPropertyValues("distributed-lock.order=1").run(context -> {
            kind.bean(context, Office.class).run("good");
            assertThat(journal(context)).containsExactly("validate good", "validate good, locked", "body, locked");
        });
    }

    @ParameterizedTest
    @EnumSource
    void deniedCallIsNotValidated(ProxyKind kind) {
        runner(kind).withUserConfiguration(Security.class).run(context -> {
            Office office = kind.bean(context, Office.class);
            SecurityContextHolder.getContext().setAuthentication(new TestingAuthenticationToken("user", "password"));
            try {
                assertThatExceptionOfType(AccessDeniedException.class).isThrownBy(() -> office.runDenied("bad"));
            } finally {
                SecurityContextHolder.clearContext();
            }
            assertThat(journal(context)).isEmpty();
        });
    }

    /** By the caller, before the lock is asked for; on the executor's thread, under the lock, only as Spring does it. */
    @ParameterizedTest
    @EnumSource
    void argumentsOfAnAsynchronousMethodAreValidatedForTheCaller(ProxyKind kind) {
        runner(kind).withUserConfiguration(Asynchronous.class).run(context -> {
            Office office = kind.bean(context, Office.class);
            try (LockLease lease = heldElsewhere(context, "bad")) {
                assertThatExceptionOfType(ConstraintViolationException.class).isThrownBy(() -> office.compute("bad"));
                assertThat(lease.isHeld()).isTrue();
            }
            assertThat(journal(context)).containsExactly("validate bad");

            journal(context).clear();
            assertThat(office.compute("good").get()).isEqualTo("good");
            assertThat(journal(context)).containsExactly("validate good", "validate good, locked", "body, locked");
        });
    }

    private static ApplicationContextRunner runner(ProxyKind kind) {
        ClassLoader classLoader = MethodValidationOrderTests.class.getClassLoader();
        String present = AUTO_CONFIGURATIONS[ClassUtils.isPresent(AUTO_CONFIGURATIONS[0], classLoader) ? 0 : 1];
        return OrderedContexts.runner(kind)
                .withConfiguration(AutoConfigurations.of(ClassUtils.resolveClassName(present, classLoader)))
                .withBean(LockedOffice.class);
    }

    @Configuration(proxyBeanMethods = false)
    static class FirstOfAll {

        @Bean
        static MethodValidationPostProcessor methodValidation(ObjectProvider<Validator> validator) {
            MethodValidationPostProcessor processor = new MethodValidationPostProcessor();
            processor.setValidatorProvider(validator);
            processor.setBeforeExistingAdvisors(true);
            return processor;
        }
    }

    @Configuration(proxyBeanMethods = false)
    @EnableMethodSecurity
    static class Security {}

    @Configuration(proxyBeanMethods = false)
    @EnableTransactionManagement
    static class Transactions {

        @Bean
        RecordingTransactions transactions(Journal journal) {
            return new RecordingTransactions(journal);
        }
    }

    @Configuration(proxyBeanMethods = false)
    @EnableAsync
    static class Asynchronous {

        @Bean
        SimpleAsyncTaskExecutor taskExecutor() {
            return new SimpleAsyncTaskExecutor();
        }
    }

    /** Constraints are those of the interface: an implementation may not add any. */
    interface Office {

        @NotNull Object run(@NotNull @Good String argument);

        void runUnlocked(@Good String argument);

        void runDenied(@Good String argument);

        Future<String> compute(@Good String argument);
    }

    @Validated
    static class LockedOffice implements Office {

        private final Journal journal;

        LockedOffice(Journal journal) {
            this.journal = journal;
        }

        @Override
        @Transactional
        @DistributedLock(name = "order", key = "#argument")
        public @Nullable Object run(String argument) {
            this.journal.add("body");
            return argument.equals("nothing") ? null : argument;
        }

        @Override
        public void runUnlocked(String argument) {
            this.journal.add("body");
        }

        @Override
        @PreAuthorize("denyAll")
        @DistributedLock(name = "order", key = "#argument")
        public void runDenied(String argument) {
            this.journal.add("body");
        }

        @Override
        @Async
        @DistributedLock(name = "order", key = "#argument")
        public Future<String> compute(String argument) {
            this.journal.add("body");
            return CompletableFuture.completedFuture(argument);
        }
    }

    @Retention(RetentionPolicy.RUNTIME)
    @Constraint(validatedBy = GoodValidator.class)
    @interface Good {

        String message() default "is not good";

        Class<?>[] groups() default {};

        Class<? extends Payload>[] payload() default {};
    }

    /** Made by Spring, through the validator's factory. */
    static class GoodValidator implements ConstraintValidator<Good, String> {

        private final Journal journal;

        GoodValidator(Journal journal) {
            this.journal = journal;
        }

        @Override
        public boolean isValid(@Nullable String value, ConstraintValidatorContext context) {
            this.journal.add("validate " + value);
            return !"bad".equals(value);
        }
    }
}
