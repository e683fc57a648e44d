package io.github.lockspring.redis;

import java.util.Arrays;
import java.util.stream.Stream;

/** A script with its keys and arguments. Must not be compared. */
@SuppressWarnings("ArrayRecordComponent")
record ScriptCall(LockScript script, byte[][] keys, byte[]... arguments) {

    /** Keys and arguments in one, as blocking drivers want them. */
    byte[][] keysAndArguments() {
        return Stream.concat(Arrays.stream(this.keys), Arrays.stream(this.arguments))
                .toArray(byte[][]::new);
    }

    /** Without its keys, which may be personal data: the engine adds the lock concerned. */
    @Override
    public String toString() {
        return this.script.toString();
    }
}
