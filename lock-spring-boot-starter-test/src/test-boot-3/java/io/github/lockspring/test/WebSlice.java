package io.github.lockspring.test;

import java.lang.annotation.Retention;
import java.lang.annotation.RetentionPolicy;
import org.springframework.boot.test.autoconfigure.web.servlet.WebMvcTest;

/** The slice, as this line has it. */
@Retention(RetentionPolicy.RUNTIME)
@WebMvcTest
@interface WebSlice {}
