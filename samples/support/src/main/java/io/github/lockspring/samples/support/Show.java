package io.github.lockspring.samples.support;

import java.io.PrintStream;
import java.util.List;
import org.springframework.boot.ApplicationArguments;
import org.springframework.boot.ApplicationRunner;
import org.springframework.boot.ExitCodeGenerator;

/** Runs a sample and says what came of it, in words and as exit code. */
public abstract class Show implements ApplicationRunner, ExitCodeGenerator {

    private static final int AS_PROMISED = 0;

    private static final int NOT_AS_PROMISED = 1;

    private static final int BROKEN_OFF = 2;

    private final String title;

    private final PrintStream out = System.out;

    private volatile int exitCode = BROKEN_OFF;

    /**
     * Creates a show.
     *
     * @param title what runs, as the first words of a sentence, such as "The sale"
     */
    protected Show(String title) {
        this.title = title;
    }

    @Override
    public final void run(ApplicationArguments arguments) {
        try {
            conclude(play(List.of(arguments.getSourceArgs()), this.out));
        } catch (ShowException ex) {
            this.out.printf("%n%s was broken off: %s%n", this.title, ex.getMessage());
        }
    }

    /**
     * Runs it from the start of its processes to the table.
     *
     * @param arguments of the show, which its processes are started with as well
     * @param out where to print
     * @return what came of it
     * @throws ShowException if it cannot go on
     */
    protected abstract Conclusion play(List<String> arguments, PrintStream out);

    private void conclude(Conclusion conclusion) {
        this.exitCode = conclusion.asPromised() ? AS_PROMISED : NOT_AS_PROMISED;
        conclusion.lines().forEach(this.out::println);
    }

    @Override
    public final int getExitCode() {
        return this.exitCode;
    }
}
