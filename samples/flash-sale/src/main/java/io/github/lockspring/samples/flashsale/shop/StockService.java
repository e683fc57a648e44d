package io.github.lockspring.samples.flashsale.shop;

import io.github.lockspring.LockContext;
import io.github.lockspring.LockLease;
import io.github.lockspring.annotation.DistributedLock;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.stereotype.Service;
import org.springframework.transaction.annotation.Transactional;

/**
 * Sells from stock in the usual way: look, take the payment, write. Two sales at once look at the same stock, and what
 * one of them writes is lost. A transaction does not prevent that, and no {@code synchronized} could among processes.
 */
@Service
public class StockService {

    private static final long NO_TOKEN = 0;

    private final JdbcClient jdbc;

    private final PaymentService payments;

    StockService(JdbcClient jdbc, PaymentService payments) {
        this.jdbc = jdbc;
        this.payments = payments;
    }

    /** Sells without lock: correct as long as nobody else buys. */
    @Transactional
    public Purchase buyWithoutLock(String productId, String customer) {
        return buy(productId, customer, NO_TOKEN);
    }

    /** Sells one piece of a product at a time, whatever the process. The lock is held until the commit is done. */
    @DistributedLock(name = "stock", key = "#productId")
    @Transactional
    public Purchase buy(String productId, String customer) {
        // a lease that is lost meanwhile still has its token, which the write is refused with; there is none with
        // distributed-lock.enabled=false. Elsewhere, write LockContext.required().fencingToken()
        long token = LockContext.current().map(LockLease::fencingToken).orElse(NO_TOKEN);
        return buy(productId, customer, token);
    }

    private Purchase buy(String productId, String customer, long token) {
        long started = System.nanoTime();
        int stock = this.jdbc
                .sql("select stock from flash_sale_product where id = ?")
                .param(productId)
                .query(Integer.class)
                .single();
        if (stock == 0) {
            return new Purchase(false, started);
        }
        this.payments.charge(customer);
        writeStock(productId, stock - 1, token);
        this.jdbc
                .sql("insert into flash_sale_order (product_id, customer, fencing_token) values (?, ?, ?)")
                .params(productId, customer, token)
                .update();
        return new Purchase(true, started);
    }

    /**
     * Writes unless somebody with a later hold of the lock has written already. A lock alone cannot promise that: a
     * process may be suspended in front of this very statement for longer than its lease.
     */
    private void writeStock(String productId, int stock, long token) {
        int rows = this.jdbc
                .sql("update flash_sale_product set stock = ?, last_token = ? where id = ? and last_token <= ?")
                .params(stock, token, productId, token)
                .update();
        if (rows == 0) {
            throw new StaleWriteException(productId, token);
        }
    }
}
