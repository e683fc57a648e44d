package io.github.lockspring.web;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.lockspring.LockOperations;
import io.github.lockspring.LockOptions;
import java.net.http.HttpResponse;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.atomic.AtomicInteger;

/** A lock of name {@code order}, its work, and the requests that ask for both. */
final class LockedRequestCase {

    static final Duration PATIENCE = Duration.ofSeconds(60);

    private static final AtomicInteger IDS = new AtomicInteger();

    final String id = "n" + IDS.incrementAndGet();

    final Work work = Work.of(this.id);

    final LockOptions order = LockOptions.named("order").key(this.id);

    final LockOperations locks;

    private final WebServer server;

    LockedRequestCase(WebServer server) {
        this.server = server;
        this.locks = server.bean(LockOperations.class);
    }

    CompletableFuture<HttpResponse<String>> get(String path) {
        return this.server.get(path + "/" + this.id);
    }

    boolean isLocked() {
        return isLocked("order");
    }

    boolean isLocked(String name) {
        return this.locks.holder(name, this.id).isPresent();
    }

    static void assertStatus(CompletableFuture<HttpResponse<String>> response, int status) {
        assertThat(response)
                .succeedsWithin(PATIENCE)
                .satisfies(answer ->
                        assertThat(answer.statusCode()).as(answer.body()).isEqualTo(status));
    }
}
