/** What every lock store must do, as suites that the test classes of the stores include. */
package io.github.lockspring.store;
