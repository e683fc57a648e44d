/** Actuator over the web and JMX, in applications that are started as a whole. */
package io.github.lockspring.actuate;
