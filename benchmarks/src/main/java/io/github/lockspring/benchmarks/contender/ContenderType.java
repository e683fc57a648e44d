package io.github.lockspring.benchmarks.contender;

import org.jspecify.annotations.Nullable;

/** The locks that are measured. */
public enum ContenderType {

    /** What everybody can write in ten lines: nothing is expected to be faster than this without doing less. */
    FLOOR("Lettuce by hand"),

    /** Redisson's {@code RLock}, with its watchdog. */
    REDISSON("Redisson"),

    /** Lock4j over a {@code RedisTemplate}. */
    LOCK4J("Lock4j"),

    /** Spring Integration's registry as it is by default: polling. */
    SPRING_SPIN("Spring Integration, spin"),

    /** Spring Integration's registry, woken by messages. */
    SPRING_PUB_SUB("Spring Integration, pub/sub"),

    /** ShedLock, which never waits. */
    SHEDLOCK("ShedLock"),

    /** This lock, through its template. */
    TEMPLATE("this, template"),

    /** This lock, through its annotation. */
    ANNOTATION("this, annotation"),

    /** This lock without network, through its template. */
    TEMPLATE_IN_MEMORY("this, template, in memory"),

    /** This lock without network, through its annotation. */
    ANNOTATION_IN_MEMORY("this, annotation, in memory"),

    /** Another build of this lock, through its template. */
    BASELINE_TEMPLATE("baseline, template"),

    /** Another build of this lock, through its annotation. */
    BASELINE_ANNOTATION("baseline, annotation"),

    /** Another build of this lock without network, through its template. */
    BASELINE_TEMPLATE_IN_MEMORY("baseline, template, in memory"),

    /** Another build of this lock without network, through its annotation. */
    BASELINE_ANNOTATION_IN_MEMORY("baseline, annotation, in memory"),

    /** One thread without any lock: what the work alone allows. */
    IDEAL("one thread, no lock");

    private final String title;

    ContenderType(String title) {
        this.title = title;
    }

    /**
     * Returns what people call it.
     *
     * @return the title
     */
    public String title() {
        return this.title;
    }

    /**
     * Tells this lock from its peers.
     *
     * @return whether it is ours
     */
    public boolean isThisLock() {
        return this.title.startsWith("this");
    }

    /**
     * Tells another build of this lock from all others.
     *
     * @return whether it is one
     */
    public boolean isBaseline() {
        return this.title.startsWith("baseline");
    }

    /**
     * Returns the same use of another build of this lock.
     *
     * @return the contender, {@code null} if this one is none of ours
     */
    public @Nullable ContenderType baseline() {
        return isThisLock() ? valueOf("BASELINE_" + name()) : null;
    }

    /**
     * Connects a client of its own.
     *
     * @param settings where, and for how long
     * @return the contender
     */
    public Contender open(ContenderSettings settings) {
        return switch (this) {
            case FLOOR -> new LettuceContender(settings);
            case REDISSON -> new RedissonContender(settings);
            case LOCK4J -> new Lock4jContender(settings);
            case SPRING_SPIN -> new SpringIntegrationContender(settings, false);
            case SPRING_PUB_SUB -> new SpringIntegrationContender(settings, true);
            case SHEDLOCK -> new ShedLockContender(settings);
            case TEMPLATE, BASELINE_TEMPLATE -> new TemplateContender(settings, "redis");
            case ANNOTATION, BASELINE_ANNOTATION -> new AnnotationContender(settings, "redis");
            case TEMPLATE_IN_MEMORY, BASELINE_TEMPLATE_IN_MEMORY -> new TemplateContender(settings, "memory");
            case ANNOTATION_IN_MEMORY, BASELINE_ANNOTATION_IN_MEMORY -> new AnnotationContender(settings, "memory");
            case IDEAL -> new NoLockContender();
        };
    }
}
