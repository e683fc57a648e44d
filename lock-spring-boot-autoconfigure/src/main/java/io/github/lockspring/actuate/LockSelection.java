package io.github.lockspring.actuate;

import io.github.lockspring.LockHolder;
import io.github.lockspring.LockKeyException;
import io.github.lockspring.LockName;
import io.github.lockspring.LockSnapshot;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.Map;
import java.util.Set;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.springframework.boot.actuate.endpoint.InvalidEndpointRequestException;

/**
 * The lock that an operator means by a name and a key as it is shown: one that this process holds or waits for, whose
 * key may be masked or have several parts; or the lock whose key is that text; or whose parts are what is between its
 * colons. The first of these that is held counts, or the first one if none is.
 */
final class LockSelection {

    private final Map<LockName, LockHolder> holders = new LinkedHashMap<>();

    private final LockName first;

    /**
     * Asks for the holder.
     *
     * @param path name and key: an array of segments, or a text with slashes between them
     * @param exactKey the key, if the path is the name alone; empty for none
     */
    LockSelection(ObservedEngine engine, Object path, @Nullable String exactKey) {
        String text = text(path);
        int end = exactKey != null ? -1 : text.indexOf('/');
        String name = end < 0 ? text : text.substring(0, end);
        String key = exactKey == null || exactKey.isEmpty() ? null : exactKey;
        Set<LockName> candidates = candidates(engine, name, end < 0 ? key : text.substring(end + 1));
        this.first = candidates.iterator().next();
        for (LockName each : candidates) {
            engine.engine().holder(each).ifPresent(holder -> this.holders.put(each, holder));
        }
        if (this.holders.size() > 1) {
            throw new InvalidEndpointRequestException(
                    "Several locks have the name '" + name + "' and a key that is shown like that: "
                            + this.holders.keySet().stream().map(engine::shown).toList(),
                    "Several locks have that name and a key that is shown like that");
        }
    }

    /** The lock. */
    LockName lock() {
        return this.holders.isEmpty()
                ? this.first
                : this.holders.keySet().iterator().next();
    }

    /** Who has it; {@code null} if it is free. */
    @Nullable LockHolder holder() {
        return this.holders.get(lock());
    }

    private static String text(Object path) {
        return path instanceof Object[] segments
                ? String.join("/", Stream.of(segments).map(String::valueOf).toList())
                : path.toString();
    }

    private static Set<LockName> candidates(ObservedEngine engine, String name, @Nullable String key) {
        Set<LockName> candidates = new LinkedHashSet<>();
        LockSnapshot snapshot = engine.engine().snapshot();
        Stream.concat(
                        snapshot.held().stream().map(LockSnapshot.Held::name),
                        snapshot.waiting().stream().map(LockSnapshot.Waiting::name))
                .filter(lock -> lock.name().equals(name) && key != null && key.equals(lock.shownKey()))
                .forEach(candidates::add);
        try {
            candidates.add(engine.shown(key == null ? LockName.of(name) : LockName.of(name, key)));
        } catch (LockKeyException ex) {
            throw new InvalidEndpointRequestException(
                    String.valueOf(ex.getMessage()), "That is no name or key of a lock");
        }
        if (key != null && key.indexOf(':') >= 0) {
            addOfParts(engine, name, Stream.of(key.split(":", -1)).toArray(), candidates);
        }
        return candidates;
    }

    private static void addOfParts(ObservedEngine engine, String name, Object[] parts, Set<LockName> candidates) {
        try {
            candidates.add(engine.shown(LockName.of(name, parts)));
        } catch (LockKeyException ex) {
            // no key has such parts
        }
    }
}
