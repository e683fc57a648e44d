package io.github.lockspring.samples.cacherefresh.load;

/**
 * What the show tells a process, as a line of its standard input.
 *
 * @param pass how to read
 * @param millis for how long
 * @param product what to read
 */
public record ReadCommand(Pass pass, long millis, String product) {

    public String toLine() {
        return this.pass + " " + this.millis + " " + this.product;
    }

    static ReadCommand parse(String line) {
        String[] parts = line.split(" ", 3);
        return new ReadCommand(Pass.valueOf(parts[0]), Long.parseLong(parts[1]), parts[2]);
    }
}
