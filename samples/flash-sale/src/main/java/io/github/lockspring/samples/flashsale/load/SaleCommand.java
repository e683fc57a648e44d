package io.github.lockspring.samples.flashsale.load;

/**
 * What the show tells a process, as a line of its standard input.
 *
 * @param pass how to sell
 * @param customers how many customers to serve
 */
public record SaleCommand(Pass pass, int customers) {

    public String toLine() {
        return this.pass + " " + this.customers;
    }

    public static SaleCommand parse(String line) {
        String[] parts = line.split(" ", 2);
        return new SaleCommand(Pass.valueOf(parts[0]), Integer.parseInt(parts[1]));
    }
}
