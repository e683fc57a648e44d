package io.github.lockspring.autoconfigure;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalStateException;
import static org.awaitility.Awaitility.await;
import static org.mockito.Mockito.mock;
import static org.mockito.Mockito.when;

import io.github.lockspring.LockOperations;
import io.github.lockspring.annotation.DistributedLock;
import io.github.lockspring.aspectj.DistributedLockAspect;
import io.github.lockspring.interceptor.LockAspectSupport;
import io.github.lockspring.interceptor.LockOperationSource;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicReference;
import org.aspectj.lang.ProceedingJoinPoint;
import org.aspectj.lang.reflect.MethodSignature;
import org.junit.jupiter.api.Test;
import org.springframework.beans.factory.support.StaticListableBeanFactory;

/** One aspect serves several contexts. */
class WovenAspectTests {

    private final DistributedLockAspect aspect = new DistributedLockAspect();

    private final List<String> locking = new ArrayList<>();

    @Test
    void servesTheParentAgainWhenTheChildHasEnded() throws Throwable {
        WovenAspect parent = new WovenAspect(this.aspect, support("parent"));
        call();
        WovenAspect child = new WovenAspect(this.aspect, support("child"));
        call();
        child.destroy();
        call();
        parent.destroy();

        assertThat(this.locking).containsExactly("parent", "child", "parent");
        assertThatIllegalStateException().isThrownBy(this::call);
    }

    @Test
    void goesOnWithTheNewerContextWhenTheOlderOneEnds() throws Throwable {
        WovenAspect older = new WovenAspect(this.aspect, support("older"));
        WovenAspect newer = new WovenAspect(this.aspect, support("newer"));
        older.destroy();
        call();
        newer.destroy();
        assertThat(this.locking).containsExactly("newer");
    }

    @Test
    void runsMethodsWhereLockingIsSwitchedOff() throws Throwable {
        WovenAspect off = new WovenAspect(this.aspect, none());
        call();
        assertThat(this.locking).isEmpty();
        off.destroy();
        assertThatIllegalStateException().isThrownBy(this::call);
    }

    @Test
    void aContextThatLocksComesBeforeOneThatDoesNot() throws Throwable {
        WovenAspect locking = new WovenAspect(this.aspect, support("locking"));
        WovenAspect off = new WovenAspect(this.aspect, none());
        call();
        locking.destroy();
        call();
        off.destroy();

        assertThat(this.locking).containsExactly("locking");
    }

    /** What one context has decided must not arrive after what the next one has decided. */
    @Test
    void aContextThatEndsDoesNotUndoOneThatStarts() throws Throwable {
        LockAspectSupport ending = support("ending");
        LockAspectSupport starting = support("starting");
        AtomicReference<LockAspectSupport> used = new AtomicReference<>();
        CountDownLatch ends = new CountDownLatch(1);
        CountDownLatch goesOn = new CountDownLatch(1);
        DistributedLockAspect slow = mock(call -> {
            if (call.getArgument(0) == null) {
                ends.countDown();
                goesOn.await();
            }
            used.set(call.getArgument(0));
            return null;
        });
        WovenAspect old = new WovenAspect(slow, ending);

        Thread end = new Thread(old::destroy);
        end.start();
        ends.await();
        Thread start = new Thread(() -> new WovenAspect(slow, starting));
        start.start();
        await().until(() -> start.getState() == Thread.State.WAITING || !start.isAlive());
        goesOn.countDown();
        end.join();
        start.join();

        assertThat(used).hasValue(starting);
    }

    private static LockAspectSupport none() {
        return new LockAspectSupport(
                LockOperationSource.none(), () -> mock(LockOperations.class), new StaticListableBeanFactory());
    }

    private LockAspectSupport support(String context) {
        LockOperations operations = mock(LockOperations.class, call -> {
            this.locking.add(context);
            return null;
        });
        return new LockAspectSupport(
                new LockOperationSource(text -> text), () -> operations, new StaticListableBeanFactory());
    }

    private void call() throws Throwable {
        MethodSignature signature = mock();
        when(signature.getMethod()).thenReturn(Work.class.getDeclaredMethod("run"));
        ProceedingJoinPoint joinPoint = mock();
        when(joinPoint.getSignature()).thenReturn(signature);
        when(joinPoint.getTarget()).thenReturn(new Work());
        when(joinPoint.getArgs()).thenReturn(new Object[0]);
        this.aspect.lock(joinPoint);
    }

    static class Work {

        @DistributedLock("work")
        void run() {}
    }
}
