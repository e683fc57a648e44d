/** What the show needs in each process: a clock that is off, and a look at each call of the schedule. */
@NullMarked
package io.github.lockspring.samples.scheduledjobs.probe;

import org.jspecify.annotations.NullMarked;
