package io.github.lockspring.samples.flashsale.show;

import io.github.lockspring.samples.flashsale.load.Pass;
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

    int ordersOf(Pass pass) {
        return this.jdbc
                .sql("select count(*) from flash_sale_order where product_id = ?")
                .param(pass.productId())
                .query(Integer.class)
                .single();
    }

    int stockLeftOf(Pass pass) {
        return this.jdbc
                .sql("select stock from flash_sale_product where id = ?")
                .param(pass.productId())
                .query(Integer.class)
                .single();
    }
}
