package io.github.lockspring.samples.flashsale.page;

/** What the reader of the page can ask for. */
public enum SaleRequest {
    SELL_WITHOUT_LOCK,
    SELL_WITH_LOCK,
    RESET
}
