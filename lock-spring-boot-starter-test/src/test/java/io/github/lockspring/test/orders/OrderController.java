package io.github.lockspring.test.orders;

import io.github.lockspring.annotation.DistributedLock;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.PathVariable;
import org.springframework.web.bind.annotation.RestController;

@RestController
class OrderController {

    @GetMapping("/orders/{id}")
    @DistributedLock(name = "order", key = "#id", waitTime = "0s")
    String order(@PathVariable("id") long id) {
        return "order " + id;
    }
}
