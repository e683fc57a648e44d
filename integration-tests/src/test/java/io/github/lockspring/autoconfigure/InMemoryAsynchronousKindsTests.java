package io.github.lockspring.autoconfigure;

import org.springframework.boot.test.context.runner.ApplicationContextRunner;

class InMemoryAsynchronousKindsTests extends AsynchronousKindsContract {

    @Override
    ApplicationContextRunner runner() {
        return LockContextRunners.memory();
    }
}
