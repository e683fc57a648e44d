package io.github.lockspring.samples.flashsale.page;

/**
 * How far a pass is.
 *
 * @param millis for how long it has run
 * @param served customers who got a piece, or an answer
 * @param orders orders in the database
 * @param stockLeft pieces that are left, as the database says
 * @param oversold orders without a piece
 * @param finished whether all customers have been served
 */
public record PassFigures(long millis, int served, int orders, int stockLeft, int oversold, boolean finished) {

    public static PassFigures begins(int stock) {
        return new PassFigures(0, 0, 0, stock, 0, false);
    }
}
