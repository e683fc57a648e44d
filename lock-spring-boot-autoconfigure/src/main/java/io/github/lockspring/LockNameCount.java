package io.github.lockspring;

import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.stream.Collectors;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Detects lock names that vary as only keys should: metrics would get a time series per name, and per-name properties
 * would no longer match. Counts the names up to a limit, warns once, and then forgets them. Thread-safe.
 */
final class LockNameCount {

    /** The names of this process. */
    static final LockNameCount OF_PROCESS = new LockNameCount(1_000);

    private static final Logger logger = LoggerFactory.getLogger(LockNameCount.class);

    private static final int EXAMPLES = 3;

    private final int limit;

    private final Set<String> names = ConcurrentHashMap.newKeySet();

    private final AtomicBoolean told = new AtomicBoolean();

    LockNameCount(int limit) {
        this.limit = limit;
    }

    /** Records that a lock is requested; a name that varies may be personal data, and is masked like a key. */
    void asked(LockName name, boolean masked) {
        if (!isTold() && !this.names.contains(name.name())) {
            add(name.name(), masked);
        }
    }

    boolean isTold() {
        return this.told.get();
    }

    private void add(String name, boolean masked) {
        this.names.add(name);
        if (this.names.size() > this.limit && this.told.compareAndSet(false, true)) {
            logger.warn(
                    "More than {} lock names are in use, such as {}: a name must be static because metrics and"
                            + " properties refer to it. Put the part that varies into the key, as in"
                            + " LockOptions.named(\"order\").key(id)",
                    this.limit,
                    this.names.stream()
                            .limit(EXAMPLES)
                            .map(each -> "'" + (masked ? FullNames.pseudonym(each) : each) + "'")
                            .collect(Collectors.joining(", ")));
            this.names.clear();
        }
    }
}
