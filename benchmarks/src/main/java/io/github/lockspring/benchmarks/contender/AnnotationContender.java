package io.github.lockspring.benchmarks.contender;

import org.springframework.context.ConfigurableApplicationContext;

/** This lock as its starter configures it, through the annotation. */
final class AnnotationContender implements Contender {

    private final ConfigurableApplicationContext application;

    private final LockedService service;

    AnnotationContender(ContenderSettings settings, String store) {
        this.application = LockSpringApplication.run(settings, store);
        this.service = this.application.getBean(LockedService.class);
    }

    @Override
    public Locking locking(String key) {
        return section -> this.service.run(key, section);
    }

    @Override
    public void close() {
        this.application.close();
    }
}
