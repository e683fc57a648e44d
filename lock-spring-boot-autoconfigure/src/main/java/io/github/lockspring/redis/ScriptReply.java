package io.github.lockspring.redis;

import java.nio.charset.StandardCharsets;
import java.util.List;

/** What a script returned: an integer, a text, or a list of them. */
final class ScriptReply {

    private final List<?> elements;

    ScriptReply(List<?> elements) {
        this.elements = elements;
    }

    static ScriptReply of(Object reply) {
        return new ScriptReply(reply instanceof List<?> elements ? elements : List.of(reply));
    }

    boolean isEmpty() {
        return this.elements.isEmpty();
    }

    long number(int index) {
        return ((Number) this.elements.get(index)).longValue();
    }

    String text(int index) {
        return new String((byte[]) this.elements.get(index), StandardCharsets.UTF_8);
    }

    @Override
    public String toString() {
        return this.elements.toString();
    }
}
