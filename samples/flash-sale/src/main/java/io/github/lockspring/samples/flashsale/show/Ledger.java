package io.github.lockspring.samples.flashsale.show;

import javax.sql.DataSource;
import org.springframework.core.io.ClassPathResource;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.jdbc.datasource.init.DatabasePopulatorUtils;
import org.springframework.jdbc.datasource.init.ResourceDatabasePopulator;

/** The truth: what the database says was for sale and has been sold. */
final class Ledger {

    private final DataSource dataSource;

    private final JdbcClient jdbc;

    Ledger(DataSource dataSource) {
        this.dataSource = dataSource;
        this.jdbc = JdbcClient.create(dataSource);
    }

    void createTables() {
        DatabasePopulatorUtils.execute(
                new ResourceDatabasePopulator(new ClassPathResource("flash-sale-tables.sql")), this.dataSource);
    }

    void deliver(String productId, int stock) {
        this.jdbc
                .sql("insert into flash_sale_product (id, stock, last_token) values (?, ?, 0)")
                .params(productId, stock)
                .update();
    }

    /** What is written at this moment, seen in one statement. */
    Entry look(String productId) {
        return this.jdbc
                .sql("""
                        select stock, (select count(*) from flash_sale_order where product_id = product.id)
                        from flash_sale_product product where id = ?""")
                .param(productId)
                .query((row, number) -> new Entry(row.getInt(1), row.getInt(2)))
                .single();
    }

    /**
     * What is written about a product.
     *
     * @param stockLeft pieces that are left
     * @param orders how many there are
     */
    record Entry(int stockLeft, int orders) {}
}
