package jakarta.persistence;

import java.lang.annotation.Retention;
import java.lang.annotation.RetentionPolicy;

/** Stands in for the annotation of this name, which keys know by its name only. */
@Retention(RetentionPolicy.RUNTIME)
public @interface Entity {}
