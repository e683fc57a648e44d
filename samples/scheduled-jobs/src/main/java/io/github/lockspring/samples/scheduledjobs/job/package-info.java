/** The application with its scheduled job, and the part to learn from. */
@NullMarked
package io.github.lockspring.samples.scheduledjobs.job;

import org.jspecify.annotations.NullMarked;
