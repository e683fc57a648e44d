/** The show: starts Redis and processes, lets their schedules run, kills one, and counts. */
@NullMarked
package io.github.lockspring.samples.scheduledjobs.show;

import org.jspecify.annotations.NullMarked;
