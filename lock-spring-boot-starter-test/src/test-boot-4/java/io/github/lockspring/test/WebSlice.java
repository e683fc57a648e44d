package io.github.lockspring.test;

import java.lang.annotation.Retention;
import java.lang.annotation.RetentionPolicy;
import org.springframework.boot.webmvc.test.autoconfigure.WebMvcTest;

/** The slice, as this line has it. */
@Retention(RetentionPolicy.RUNTIME)
@WebMvcTest
@interface WebSlice {}
