package io.github.lockspring.test.orders;

import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.stereotype.Repository;

@Repository
public class Shipments {

    private final JdbcClient jdbc;

    Shipments(JdbcClient jdbc) {
        this.jdbc = jdbc;
    }

    public void insert(long order) {
        this.jdbc.sql("insert into shipment values (?)").param(order).update();
    }

    public void deleteAll() {
        this.jdbc.sql("delete from shipment").update();
    }

    public boolean isEmpty() {
        return this.jdbc.sql("select * from shipment").query().listOfRows().isEmpty();
    }
}
