package io.github.lockspring.test;

import java.lang.annotation.Retention;
import java.lang.annotation.RetentionPolicy;
import org.springframework.boot.data.jdbc.test.autoconfigure.DataJdbcTest;

/** The slice, as this line has it. */
@Retention(RetentionPolicy.RUNTIME)
@DataJdbcTest
@interface JdbcSlice {}
