package io.github.lockspring.redis;

import java.nio.charset.StandardCharsets;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** What a script returned: an integer, a text, or a list of them. */
record ScriptReply(List<?> elements) {

    static ScriptReply of(@Nullable Object reply) {
        if (reply == null) {
            throw new IllegalStateException("the reply is null: the connection is in a pipeline or transaction");
        }
        return new ScriptReply(reply instanceof List<?> elements ? elements : List.of(reply));
    }

    long number(int index) {
        return ((Number) this.elements.get(index)).longValue();
    }

    String text(int index) {
        return new String((byte[]) this.elements.get(index), StandardCharsets.UTF_8);
    }
}
