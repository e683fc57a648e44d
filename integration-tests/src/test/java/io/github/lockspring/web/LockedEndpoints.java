package io.github.lockspring.web;

import io.github.lockspring.annotation.DistributedLock;
import io.github.lockspring.annotation.OnContention;
import org.springframework.web.bind.annotation.RequestMapping;
import org.springframework.web.bind.annotation.RestController;

/** Controllers whose methods do their work under the lock {@code order}, with one attribute or another. */
final class LockedEndpoints {

    private LockedEndpoints() {}

    @RestController
    @RequestMapping("/order")
    @DistributedLock(name = "order", key = "#id")
    static class Orders implements AsyncEndpoints {}

    /** Loses its lease after a second. */
    @RestController
    @RequestMapping("/brief")
    @DistributedLock(name = "order", key = "#id", leaseTime = "1s", renew = "false")
    static class Brief implements AsyncEndpoints {}

    /** Loses its lease after a second, although that is renewed. */
    @RestController
    @RequestMapping("/limited")
    @DistributedLock(name = "order", key = "#id", leaseTime = "1s", maxHoldTime = "1s")
    static class Limited implements AsyncEndpoints {}

    @RestController
    @RequestMapping("/kept")
    @DistributedLock(name = "order", key = "#id", holdAtLeast = "1h")
    static class Kept implements AsyncEndpoints {}

    @RestController
    @RequestMapping("/refused")
    @DistributedLock(name = "order", key = "#id", waitTime = "0s")
    static class Refused implements AsyncEndpoints {}

    @RestController
    @RequestMapping("/skipped")
    @DistributedLock(name = "order", key = "#id", onContention = OnContention.SKIP)
    static class Skipped implements AsyncEndpoints {}
}
