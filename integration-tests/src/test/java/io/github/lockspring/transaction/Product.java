package io.github.lockspring.transaction;

import jakarta.persistence.Entity;
import jakarta.persistence.Id;
import jakarta.persistence.Table;

/** Ten of it are there. */
@Entity
@Table(name = "jpa_product")
class Product {

    static final int ID = 1;

    @Id
    private int id = ID;

    private int remaining = 10;

    void take() {
        this.remaining--;
    }

    int remaining() {
        return this.remaining;
    }
}
