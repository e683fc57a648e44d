package io.github.lockspring.samples.flashsale.shop;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.springframework.beans.factory.annotation.Autowired;
import org.springframework.boot.test.context.SpringBootTest;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.test.context.jdbc.Sql;

@SpringBootTest(
        properties = {
            "spring.datasource.url=jdbc:h2:mem:stock",
            "distributed-lock.store=memory",
            "flash-sale.payment-time=0ms"
        })
@Sql("/flash-sale-tables.sql")
class StockServiceTests {

    @Autowired
    private StockService stock;

    @Autowired
    private JdbcClient jdbc;

    @BeforeEach
    void deliver() {
        this.jdbc.sql("insert into flash_sale_product values ('book', 1, 0)").update();
    }

    @Test
    void sellsWhatIsThereAndNotMore() {
        assertThat(this.stock.buy("book", "first").successful()).isTrue();
        assertThat(this.stock.buy("book", "second").successful()).isFalse();
        assertThat(number("select stock from flash_sale_product")).isZero();
        assertThat(number("select count(*) from flash_sale_order")).isEqualTo(1);
    }

    @Test
    void writesTheFencingTokenWithStockAndOrder() {
        this.stock.buy("book", "first");
        long token = number("select fencing_token from flash_sale_order");
        assertThat(token).isPositive().isEqualTo(number("select last_token from flash_sale_product"));
    }

    @Test
    void refusesToWriteAfterALaterHold() {
        this.jdbc
                .sql("update flash_sale_product set last_token = ?")
                .param(Long.MAX_VALUE)
                .update();
        assertThatThrownBy(() -> this.stock.buy("book", "late")).isInstanceOf(StaleWriteException.class);
        assertThat(number("select stock from flash_sale_product")).isEqualTo(1);
        assertThat(number("select count(*) from flash_sale_order")).isZero();
    }

    private long number(String sql) {
        return this.jdbc.sql(sql).query(Long.class).single();
    }
}
