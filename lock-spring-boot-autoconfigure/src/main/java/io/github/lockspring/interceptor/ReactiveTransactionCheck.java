package io.github.lockspring.interceptor;

import java.util.Collection;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.springframework.beans.factory.BeanFactoryUtils;
import org.springframework.beans.factory.ListableBeanFactory;
import org.springframework.util.ClassUtils;

/**
 * Finds transactional methods whose result is reactive where no transaction manager is: their transaction ends when they
 * return, before their work begins.
 */
final class ReactiveTransactionCheck {

    private static final String BLOCKING = "org.springframework.transaction.PlatformTransactionManager";

    private static final String REACTIVE = "org.springframework.transaction.ReactiveTransactionManager";

    private ReactiveTransactionCheck() {}

    static List<LockAnnotationProblem> check(Collection<LockOperation> operations, ListableBeanFactory beans) {
        List<LockDeclaration> reactive = operations.stream()
                .filter(operation -> isReactive(operation.asynchronous()))
                .map(LockOperation::declaration)
                .filter(declaration -> LockOperationParser.isTransactional(declaration)
                        && !LockOperationParser.isAsynchronous(declaration))
                .toList();
        if (reactive.isEmpty() || !hasBean(BLOCKING, beans) || hasBean(REACTIVE, beans)) {
            return List.of();
        }
        return reactive.stream()
                .map(declaration -> declaration.problem(
                        "",
                        "it is transactional, and there is no ReactiveTransactionManager: its transaction ends when it"
                                + " returns, before the work of its result begins",
                        "Have that work call a transactional method of another bean on a thread that may block, or"
                                + " define a ReactiveTransactionManager"))
                .toList();
    }

    private static boolean isReactive(@Nullable AsyncResults results) {
        return results != null && !results.outlivesTransaction();
    }

    private static boolean hasBean(String type, ListableBeanFactory beans) {
        ClassLoader loader = ReactiveTransactionCheck.class.getClassLoader();
        return ClassUtils.isPresent(type, loader)
                && BeanFactoryUtils.beanNamesForTypeIncludingAncestors(
                                        beans, ClassUtils.resolveClassName(type, loader), true, false)
                                .length
                        > 0;
    }
}
