package io.github.lockspring.interceptor;

import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import io.github.lockspring.annotation.DistributedLock;
import org.junit.jupiter.api.Test;
import org.springframework.beans.factory.InitializingBean;
import org.springframework.context.annotation.AdviceMode;

class ContainerCallbacksTests {

    /** Which of them carries the annotation cannot be asked then. */
    @Test
    void leavesAttributesThatContradictEachOtherToTheirOwnMessage() {
        LockAnnotationValidator validator = new LockAnnotationValidator(
                new LockOperationSource(text -> text), LockValidation.FAIL, AdviceMode.PROXY);
        assertThatExceptionOfType(InvalidLockAnnotationException.class)
                .isThrownBy(() -> validator.postProcessAfterInitialization(new TwoNames(), "twoNames"))
                .withMessageContaining("the attributes contradict each other");
    }

    static class TwoNames implements InitializingBean {

        @Override
        @DistributedLock(name = "one", value = "other")
        public void afterPropertiesSet() {}
    }
}
