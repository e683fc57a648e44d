package io.github.lockspring.autoconfigure;

import org.junit.jupiter.api.Tag;
import org.springframework.boot.test.context.runner.ApplicationContextRunner;

@Tag("default-line")
class InMemoryAsynchronousKindsTests extends AsynchronousKindsContract {

    @Override
    ApplicationContextRunner runner() {
        return LockContextRunners.memory();
    }
}
