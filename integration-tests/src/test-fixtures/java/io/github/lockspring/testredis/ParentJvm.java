package io.github.lockspring.testredis;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.nio.charset.StandardCharsets;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;

/** The test that started this JVM, seen from its main class. This JVM ends when the test's does. */
public final class ParentJvm {

    static final String MARK = "> ";

    private final BlockingQueue<String> commands = new LinkedBlockingQueue<>();

    private ParentJvm() {}

    public static ParentJvm connect() {
        ParentJvm parent = new ParentJvm();
        Daemons.start("parent", parent::read);
        return parent;
    }

    /** Sends a message: a word, and more where there is more to say. */
    public void say(String message) {
        System.out.println(MARK + message.replace('\n', ' '));
    }

    /** Waits for the next command. */
    public String nextCommand() throws InterruptedException {
        return this.commands.take();
    }

    private void read() {
        try {
            BufferedReader lines = new BufferedReader(new InputStreamReader(System.in, StandardCharsets.UTF_8));
            for (String line = lines.readLine(); line != null; line = lines.readLine()) {
                this.commands.add(line);
            }
        } catch (IOException ex) {
            System.err.println("The parent is gone: " + ex);
        }
        Runtime.getRuntime().halt(1);
    }
}
