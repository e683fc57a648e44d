package io.github.lockspring;

import java.net.InetAddress;
import java.util.Currency;
import java.util.Date;
import java.util.Map;
import java.util.TimeZone;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;
import org.springframework.util.ConcurrentReferenceHashMap;

/**
 * What the values of a type are as parts of a key: the rule that {@link LockOptions#key} and the annotation share.
 * Equal values must have equal text in every process, and different values different text; a type that does not
 * guarantee this is refused. Determined once per type. Immutable.
 *
 * <p>Text, numbers, booleans, characters, enums (by name), {@link Class}, {@link Currency}, and types with a {@code
 * toString()} and an {@code equals} of their own are represented by that text. Converted by value, because their own
 * text depends on the process, are {@link Date} (its instant), {@link TimeZone} (its id) and {@link InetAddress} (the
 * address without host name). Records are accepted if their components are; a component may be null. Containers,
 * mutable holders of the JDK, entities and proxies are refused.
 *
 * @since 0.1
 */
public final class LockKeyType {

    /** Not a {@link ClassValue}: for a class of the JDK, it would keep an undeployed application in memory. */
    private static final Map<Class<?>, LockKeyType> TYPES = new ConcurrentReferenceHashMap<>();

    private final Function<Object, @Nullable String> text;

    private final @Nullable String refusal;

    private LockKeyType(Function<Object, @Nullable String> text, @Nullable String refusal) {
        this.text = text;
        this.refusal = refusal;
    }

    /**
     * Returns the key type of a type.
     *
     * @param type class of a value
     * @return whether and how they become text
     */
    public static LockKeyType of(Class<?> type) {
        LockKeyType known = TYPES.get(type);
        return known != null ? known : TYPES.computeIfAbsent(type, LockKeyType::find);
    }

    /**
     * Tells whether no value of a type can ever be a part of a key, or of a text, because it contains other values:
     * arrays, collections and any other {@link Iterable} except {@link java.nio.file.Path}, maps, optionals, iterators
     * and streams.
     *
     * @param type class of a value, or a type it is declared as
     * @return whether it is a container
     */
    public static boolean isContainer(Class<?> type) {
        return UnfitKeyTypes.isContainer(type);
    }

    /**
     * Tells whether all values are refused.
     *
     * @return whether {@link #textOf} would fail
     */
    public boolean isRefused() {
        return this.refusal != null;
    }

    /**
     * Returns the text of a value.
     *
     * @param value of this type
     * @return its text, perhaps blank; {@code null} if it says so itself
     * @throws LockKeyException if it cannot identify a lock; the message says why, and what to do, but not where
     */
    public @Nullable String textOf(Object value) {
        if (this.refusal != null) {
            throw new LockKeyException(this.refusal);
        }
        return this.text.apply(value);
    }

    private static LockKeyType find(Class<?> type) {
        if (Enum.class.isAssignableFrom(type)) {
            return new LockKeyType(value -> ((Enum<?>) value).name(), null);
        }
        String refusal = UnfitKeyTypes.refusalOf(type);
        return new LockKeyType(refusal == null ? textOf(type) : Object::toString, refusal);
    }

    private static Function<Object, @Nullable String> textOf(Class<?> type) {
        if (Date.class.isAssignableFrom(type)) {
            return value -> textOf((Date) value);
        }
        if (TimeZone.class.isAssignableFrom(type)) {
            return value -> ((TimeZone) value).getID();
        }
        if (InetAddress.class.isAssignableFrom(type)) {
            return value -> ((InetAddress) value).getHostAddress();
        }
        if (type.isRecord()) {
            return new RecordText(type);
        }
        return new OwnText(type);
    }

    /** The SQL date and the SQL time have no instant: they stand for a local date or time, which is their text. */
    @SuppressWarnings("JavaUtilDate") // Applications use such keys.
    private static String textOf(Date date) {
        try {
            return date.toInstant().toString();
        } catch (UnsupportedOperationException ex) {
            return date.toString();
        }
    }

    /**
     * Whether the text is sufficient, without {@code equals}: for numbers, and for other JDK types that are
     * distinguished by their text.
     */
    static boolean isText(Class<?> type) {
        return CharSequence.class.isAssignableFrom(type)
                || Number.class.isAssignableFrom(type)
                || type == AtomicBoolean.class
                || type == Class.class
                || type == Currency.class;
    }
}
