package io.github.lockspring;

import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;

/** Builds full names: {@code name[:part]*}, each percent-escaped where it could be mistaken for structure. */
final class FullNames {

    static final int MAX_BYTES = 512;

    private static final int HEAD_CHARS = 100;

    /** Enough to tell a few million locks apart. */
    private static final int PSEUDONYM_DIGITS = 12;

    /** Starts the hash of a shortened name; no escape sequence looks like it. */
    private static final String HASH_MARK = "%#";

    private FullNames() {}

    static String join(String escapedName, String... parts) {
        String fullName = escapedName;
        for (String part : parts) {
            fullName = fullName + ':' + escaped(part);
        }
        return fits(fullName) ? fullName : shorten(fullName);
    }

    /** Separator, escape character, hash-tag braces, controls and lone surrogates; everything else stays readable. */
    static String escaped(String text) {
        int plain = 0;
        while (plain < text.length() && isPlain(text.charAt(plain))) {
            plain++;
        }
        if (plain == text.length()) {
            return text;
        }
        StringBuilder target = new StringBuilder(text.length() + 16).append(text, 0, plain);
        for (int i = plain; i < text.length(); i++) {
            char c = text.charAt(i);
            if (c == ':' || c == '%' || c == '{' || c == '}' || Character.isISOControl(c)) {
                target.append('%').append(HexFormat.of().withUpperCase().toHexDigits((byte) c));
            } else if (!Character.isSurrogate(c)) {
                target.append(c);
            } else if (Character.isHighSurrogate(c)
                    && i + 1 < text.length()
                    && Character.isLowSurrogate(text.charAt(i + 1))) {
                target.append(c).append(text.charAt(++i));
            } else {
                target.append("%u").append(HexFormat.of().withUpperCase().toHexDigits(c));
            }
        }
        return target.toString();
    }

    /** Whether a character certainly stays as it is; most texts contain only such characters. */
    private static boolean isPlain(char c) {
        return c >= ' ' && c < '{' && c != ':' && c != '%';
    }

    private static boolean fits(String fullName) {
        return fullName.length() <= MAX_BYTES / 4
                || (fullName.length() <= MAX_BYTES && fullName.getBytes(StandardCharsets.UTF_8).length <= MAX_BYTES);
    }

    private static String shorten(String fullName) {
        int end = HEAD_CHARS;
        if (Character.isHighSurrogate(fullName.charAt(end - 1))) {
            end--;
        }
        return fullName.substring(0, end) + HASH_MARK + sha256(fullName);
    }

    /**
     * A text that stands for the key of a lock where the key must not be read: the same for the same lock in every
     * process, a different one for the same key under another name. As with every hash, a guessed key can be checked
     * against it.
     */
    static String pseudonym(String fullName) {
        return '#' + sha256(fullName).substring(0, PSEUDONYM_DIGITS);
    }

    private static String sha256(String text) {
        try {
            byte[] digest = MessageDigest.getInstance("SHA-256").digest(text.getBytes(StandardCharsets.UTF_8));
            return HexFormat.of().formatHex(digest);
        } catch (NoSuchAlgorithmException ex) {
            throw new IllegalStateException("Every Java platform has SHA-256", ex);
        }
    }
}
