/**
 * Locks kept in Redis, over the application's own connection factory: one script for each step of the protocol, which
 * docs/redis-protocol.md describes. The scripts are resources next to these classes.
 *
 * <ul>
 *   <li>Protocol: {@code RedisLockStore} turns commands of the SPI into calls of scripts, and replies into answers;
 *       {@code KeyLayout} and {@code SlotTags} name the keys, {@code LockScript} loads the scripts,
 *       {@code GrantMessage} reads messages, {@code RenewalBatch} puts renewals together.
 *   <li>Links: {@code RedisLink} runs a script through Lettuce ({@code LettuceLink}), or through a driver that blocks
 *       ({@code BlockingLink}); {@code Connector} opens and replaces connections of Lettuce.
 *   <li>Messages: {@code GrantSubscription} keeps up the subscription to the channel of this process.
 *   <li>Failures: {@code ServerWatch} knows whether a server is down, {@code CommandFailures} and {@code ServerRefusal}
 *       what happened to a command that failed; {@code OutageLog} logs it.
 * </ul>
 *
 * <p>How commands reach Redis, and what its replies mean, is decided here and nowhere else. Types of Lettuce occur in
 * no other package, and here only in classes that an application without Lettuce does not load. When to renew, to poll
 * or to leave, how long a caller waits, and what an answer means for a hold is decided in {@code .engine}; this package
 * does not know callers or holds, and does not read properties.
 */
@NullMarked
package io.github.lockspring.redis;

import org.jspecify.annotations.NullMarked;
