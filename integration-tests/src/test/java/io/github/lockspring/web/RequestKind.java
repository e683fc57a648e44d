package io.github.lockspring.web;

/** The asynchronous results of Spring MVC, each by the path of its endpoint. */
enum RequestKind {
    CALLABLE("callable", true),
    TASK("task", true),
    DEFERRED("deferred", false),
    STREAM("stream", true),
    STREAM_ENTITY("stream-entity", true),
    EMITTER("emitter", false),
    EVENTS("events", false),
    EMITTER_ENTITY("emitter-entity", false);

    final String path;

    /** Whether a thread of Spring MVC does the work, and keeps the lock until it has left it. */
    final boolean ofThread;

    RequestKind(String path, boolean ofThread) {
        this.path = path;
        this.ofThread = ofThread;
    }

    boolean isEntity() {
        return this == STREAM_ENTITY || this == EMITTER_ENTITY;
    }

    /** Of a response to work that is done. */
    int status() {
        return isEntity() ? 202 : 200;
    }
}
