package io.github.lockspring.transaction;

import io.github.lockspring.AdviceKind;
import io.github.lockspring.LockContext;
import io.github.lockspring.LockLease;
import io.github.lockspring.LockOperations;
import io.github.lockspring.LockOptions;
import io.github.lockspring.autoconfigure.Work;
import java.util.ArrayList;
import java.util.List;
import org.awaitility.Awaitility;
import org.springframework.context.ApplicationContext;
import org.springframework.transaction.PlatformTransactionManager;
import org.springframework.transaction.support.TransactionSynchronization;
import org.springframework.transaction.support.TransactionSynchronizationManager;
import org.springframework.transaction.support.TransactionTemplate;

/** A context of {@link TransactionContexts}, as tests use it. */
final class Bank {

    static final LockOptions ACCOUNT = LockOptions.named("account").key("1");

    private final AdviceKind kind;

    private final ApplicationContext context;

    /** Whether the account was locked when transactions were about to end, and when they had. */
    final List<String> ends = new ArrayList<>();

    Bank(AdviceKind kind, ApplicationContext context) {
        this.kind = kind;
        this.context = context;
    }

    /** Calls a method of a bean about account 1. */
    void call(String bean, Runnable body) {
        call(bean, "1", body);
    }

    void call(String bean, String account, Runnable body) {
        this.kind.bean(this.context, Work.class, bean).run(account, body);
    }

    TransactionTemplate transactionTemplate() {
        return new TransactionTemplate(this.context.getBean("transactions", PlatformTransactionManager.class));
    }

    LockOperations locks() {
        return bean(LockOperations.class);
    }

    <T> T bean(Class<T> type) {
        return this.context.getBean(type);
    }

    Ledger ledger() {
        return this.context.getBean("ledger", Ledger.class);
    }

    Ledger otherLedger() {
        return this.context.getBean("otherLedger", Ledger.class);
    }

    boolean isLocked() {
        return isLocked("1");
    }

    boolean isLocked(String account) {
        return locks().holder(LockOptions.named("account").key(account)).isPresent();
    }

    /** Waits until the lease that this thread has of account 1 is lost. */
    static void awaitLoss() {
        LockLease lease = LockContext.current(ACCOUNT).orElseThrow();
        Awaitility.await().until(lease::isLost);
    }

    /** Writes down how the transaction ends. */
    void watchTransaction() {
        TransactionSynchronizationManager.registerSynchronization(new TransactionSynchronization() {
            @Override
            public void beforeCompletion() {
                add("before the end");
            }

            @Override
            public void afterCompletion(int status) {
                add(status == STATUS_COMMITTED ? "committed" : "rolled back");
            }

            private void add(String when) {
                Bank.this.ends.add(when + (isLocked() ? ", locked" : ", free"));
            }
        });
    }
}
