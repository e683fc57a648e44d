package io.github.lockspring.test.orders;

import org.springframework.boot.autoconfigure.SpringBootApplication;

/** An application with annotated methods, transactions, a controller, and a Redis that is not there. */
@SpringBootApplication
public class OrderApplication {}
