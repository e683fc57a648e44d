package io.github.lockspring.autoconfigure;

/** Where locks are kept. */
enum StoreType {

    /** In Redis, through the application's own connection factory: excludes all processes. */
    REDIS,

    /** In this process: excludes its own threads only. */
    MEMORY
}
