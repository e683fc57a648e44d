package org.springframework.kafka.annotation;

import java.lang.annotation.Retention;
import java.lang.annotation.RetentionPolicy;

/** Has the name of the annotation that is looked for by its name; the library itself is not on the class path. */
@Retention(RetentionPolicy.RUNTIME)
public @interface KafkaListener {}
