package io.github.lockspring.samples.flashsale.load;

/**
 * What the show tells a process, as a line of its standard input.
 *
 * @param pass how to sell
 * @param productId what to sell
 * @param customers how many customers to serve
 */
public record SaleCommand(Pass pass, String productId, int customers) {

    public String toLine() {
        return this.pass + " " + this.customers + " " + this.productId;
    }

    public static SaleCommand parse(String line) {
        String[] parts = line.split(" ", 3);
        return new SaleCommand(Pass.valueOf(parts[0]), parts[2], Integer.parseInt(parts[1]));
    }
}
