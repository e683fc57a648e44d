package io.github.lockspring.store;

/** Has contract suites as nested classes, and makes the store for each of their tests. */
public interface StoreUnderTest {

    /** Makes a store that is as good as new. */
    LockStoreFixture open() throws Exception;
}
