package io.github.lockspring.store;

/** A process and what it was told. */
record ListeningProcess(StoreProcess process, RecordingGrantListener messages) {

    StoreOwner owner(String lock) {
        return this.process.owner(lock).listening();
    }
}
