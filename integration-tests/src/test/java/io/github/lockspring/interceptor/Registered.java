package io.github.lockspring.interceptor;

import java.lang.annotation.ElementType;
import java.lang.annotation.Retention;
import java.lang.annotation.RetentionPolicy;
import java.lang.annotation.Target;

/** A method that a {@link Registrar} finds, as those of Kafka, JMS and others find the methods of their listeners. */
@Target(ElementType.METHOD)
@Retention(RetentionPolicy.RUNTIME)
@interface Registered {}
