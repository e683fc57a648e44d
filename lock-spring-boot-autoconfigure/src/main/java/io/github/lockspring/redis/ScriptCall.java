package io.github.lockspring.redis;

import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.stream.Stream;

/** A script with what it is called with. Not to be compared. */
@SuppressWarnings("ArrayRecordComponent")
record ScriptCall(LockScript script, byte[][] keys, byte[]... arguments) {

    /** Keys and arguments in one, as blocking drivers want them. */
    byte[][] keysAndArguments() {
        return Stream.concat(Arrays.stream(this.keys), Arrays.stream(this.arguments))
                .toArray(byte[][]::new);
    }

    @Override
    public String toString() {
        return this.script + " on " + new String(this.keys[0], StandardCharsets.UTF_8);
    }
}
