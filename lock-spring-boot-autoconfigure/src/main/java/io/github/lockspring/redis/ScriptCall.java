package io.github.lockspring.redis;

import java.nio.charset.StandardCharsets;

/** A script with what it is called with. */
final class ScriptCall {

    private final LockScript script;

    private final byte[][] keys;

    private final byte[][] arguments;

    ScriptCall(LockScript script, byte[][] keys, byte[]... arguments) {
        this.script = script;
        this.keys = keys;
        this.arguments = arguments;
    }

    LockScript script() {
        return this.script;
    }

    byte[][] keys() {
        return this.keys;
    }

    byte[][] arguments() {
        return this.arguments;
    }

    /** Keys and arguments in one, as blocking drivers want them. */
    byte[][] keysAndArguments() {
        byte[][] all = new byte[this.keys.length + this.arguments.length][];
        System.arraycopy(this.keys, 0, all, 0, this.keys.length);
        System.arraycopy(this.arguments, 0, all, this.keys.length, this.arguments.length);
        return all;
    }

    @Override
    public String toString() {
        return this.script + " on " + new String(this.keys[0], StandardCharsets.UTF_8);
    }
}
