package io.github.lockspring.store;

import io.github.lockspring.LockStore;
import java.util.UUID;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;

/** What contract suites have in common: a fixture for each test, processes, and lock names nobody else uses. */
public abstract class StoreSuite {

    private LockStoreFixture fixture;

    private int processes;

    /** Makes the store under test. */
    protected abstract LockStoreFixture open() throws Exception;

    @BeforeEach
    final void openFixture() throws Exception {
        this.fixture = open();
    }

    @AfterEach
    final void closeFixture() {
        this.fixture.close();
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
        LockStore store = this.fixture.connect(client);
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
