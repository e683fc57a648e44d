package io.github.lockspring.redis;

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

    /** Without its keys, which may be personal data: the engine says which lock is concerned. */
    @Override
    public String toString() {
        return this.script.toString();
    }
}
