package io.github.lockspring.store;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.lockspring.LockHolder;
import java.time.Duration;
import java.util.Optional;
import java.util.UUID;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.extension.BeforeEachCallback;
import org.junit.jupiter.api.extension.RegisterExtension;

/** What contract suites have in common: a fixture for each test, processes, and lock names nobody else uses. */
public abstract class StoreSuite {

    private LockStoreFixture fixture;

    private int processes;

    private StoreProcess onlooker;

    /** The class around the suite makes the store. */
    @RegisterExtension
    final BeforeEachCallback opening = context -> this.fixture = context.getRequiredTestInstances()
            .findInstance(StoreUnderTest.class)
            .orElseThrow()
            .open();

    @AfterEach
    final void closeFixture() {
        this.fixture.close();
    }

    /** Who has a lock, as a process sees it that takes no part. */
    final Optional<LockHolder> lookAt(String lock) {
        if (this.onlooker == null) {
            this.onlooker = process();
        }
        return this.onlooker.holder(lock);
    }

    final void assertFree(String lock) {
        assertThat(lookAt(lock)).as("holder of %s", lock).isEmpty();
    }

    final void assertHeldBy(StoreOwner owner) {
        assertThat(lookAt(owner.lock()).map(LockHolder::owner))
                .as("holder of %s", owner.lock())
                .contains(owner.id());
    }

    /** How long the lock is held unless renewed. */
    final Duration remaining(String lock) {
        return lookAt(lock).orElseThrow().remaining();
    }

    final LockStoreFixture fixture() {
        return this.fixture;
    }

    /** A process that polls. */
    final StoreProcess process() {
        String client = nextClient();
        return new StoreProcess(client, this.fixture.connect(client));
    }

    /** A process that is told of grants; returns once it is. */
    final ListeningProcess listeningProcess() {
        String client = nextClient();
        return listeningProcess(client, this.fixture.connect(client));
    }

    /** Another process as the store sees it, in the place of one that has ended. */
    final ListeningProcess listeningProcessAfter(ListeningProcess ended) {
        LockStore store = ended.process().store();
        store.offGrant(ended.process().client());
        return listeningProcess(nextClient(), store);
    }

    private static ListeningProcess listeningProcess(String client, LockStore store) {
        RecordingGrantListener messages = new RecordingGrantListener();
        store.onGrant(client, messages);
        messages.awaitListening();
        return new ListeningProcess(new StoreProcess(client, store), messages);
    }

    static String newLock() {
        return "lock-" + UUID.randomUUID();
    }

    private String nextClient() {
        return "test@host:" + ++this.processes + ":" + UUID.randomUUID();
    }
}
