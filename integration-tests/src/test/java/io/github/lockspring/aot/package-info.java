/** Applications that start from code which Spring has generated ahead of time, as processes of their own. */
package io.github.lockspring.aot;
