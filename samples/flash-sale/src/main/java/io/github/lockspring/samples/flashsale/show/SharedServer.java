package io.github.lockspring.samples.flashsale.show;

import java.util.List;

/** A server that the processes share. */
interface SharedServer extends AutoCloseable {

    /** What it is, and where. */
    String description();

    /** What a process is started with in order to find it. */
    List<String> arguments();

    /** Ends it, if the show has started it. */
    @Override
    void close();

    /** A server that runs anyway; where it is, the processes know from the arguments that the show was given. */
    static SharedServer given(String description) {
        return new SharedServer() {
            @Override
            public String description() {
                return description;
            }

            @Override
            public List<String> arguments() {
                return List.of();
            }

            @Override
            public void close() {}
        };
    }
}
