package io.github.lockspring.store;

import io.github.lockspring.LockMode;
import java.util.List;

/**
 * A tenure as the store knows it: which locks, and the owner that has them, or asks for them, on behalf of one process
 * (see {@link LockStore}). Commands with the same owner belong to the same tenure, regardless of when and how often
 * they arrive.
 *
 * @param fullNames full names of the locks, one or several
 * @param owner the owner, {@code application@host:pid:random:sequence}, new for every tenure that is asked for
 * @param mode exclusive or shared
 * @since 0.1
 */
public record TenureId(List<String> fullNames, String owner, LockMode mode) {

    /**
     * Returns an exclusive tenure of one lock.
     *
     * @param fullName full name of the lock
     * @param owner the owner
     * @return the tenure
     */
    public static TenureId exclusive(String fullName, String owner) {
        return new TenureId(List.of(fullName), owner, LockMode.EXCLUSIVE);
    }

    /**
     * Returns the full name of the first lock, which is the only one for most tenures.
     *
     * @return the full name
     */
    public String fullName() {
        return this.fullNames.get(0);
    }
}
