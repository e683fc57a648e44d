/**
 * Locks kept in Redis, over the application's own connection factory: one script for each step of the protocol, which
 * docs/redis-protocol.md describes. The scripts are resources beside these classes.
 *
 * <ul>
 *   <li>Protocol: {@code RedisLockStore} turns commands of the SPI into calls of scripts, and replies into answers;
 *       {@code KeyLayout} and {@code SlotTags} name the keys, {@code LockScript} loads the scripts,
 *       {@code GrantMessage} reads messages, {@code RenewalBatch} puts renewals together.
 *   <li>Links: {@code RedisLink} runs a script through Lettuce ({@code LettuceLink}), or through a driver that blocks
 *       ({@code BlockingLink}); {@code Connector} opens and replaces connections of Lettuce.
 *   <li>Messages: {@code GrantSubscription} keeps up the subscription to the channel of this process.
 *   <li>Trouble: {@code ServerWatch} knows whether a server is down, {@code CommandFailures} and {@code ServerRefusal}
 *       what became of a command that failed; {@code OutageLog} says so in the log.
 * </ul>
 *
 * <p>How commands reach Redis, and what its replies mean, is decided here and nowhere else. Types of Lettuce occur in
 * no other package, and here only in classes that an application without Lettuce does not load. When to renew, to poll
 * or to leave, how long a caller waits, and what an answer means for a hold is decided in {@code .engine}; nothing here
 * knows callers or holds, or reads properties.
 */
@NullMarked
package io.github.lockspring.redis;

import org.jspecify.annotations.NullMarked;
