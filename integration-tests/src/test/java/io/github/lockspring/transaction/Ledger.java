package io.github.lockspring.transaction;

import java.util.List;
import java.util.concurrent.CompletableFuture;
import javax.sql.DataSource;
import org.springframework.jdbc.core.JdbcTemplate;

/** A table of its own, in which transactions write. As a bean, it ends with its context. */
final class Ledger implements AutoCloseable {

    private final JdbcTemplate jdbc;

    private final String table;

    Ledger(DataSource dataSource, String table) {
        this.jdbc = new JdbcTemplate(dataSource);
        this.table = table;
        this.jdbc.execute("create table " + table + " (entry varchar(100))");
    }

    void add(String entry) {
        this.jdbc.update("insert into " + this.table + " values (?)", entry);
    }

    /** What is committed, whatever the transaction of the calling thread has written. */
    List<String> committed() {
        return CompletableFuture.supplyAsync(
                        () -> this.jdbc.queryForList("select entry from " + this.table + " order by 1", String.class))
                .join();
    }

    @Override
    public void close() {
        this.jdbc.execute("drop table " + this.table);
    }
}
