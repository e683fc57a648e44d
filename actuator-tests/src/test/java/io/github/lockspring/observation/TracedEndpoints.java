package io.github.lockspring.observation;

import java.util.concurrent.CompletableFuture;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.PathVariable;
import org.springframework.web.bind.annotation.RestController;
import reactor.core.publisher.Mono;

@RestController
class TracedEndpoints {

    private final TracedOrders orders;

    TracedEndpoints(TracedOrders orders) {
        this.orders = orders;
    }

    @GetMapping("/blocking/{id}")
    String blocking(@PathVariable("id") int id) {
        return this.orders.blocking(id);
    }

    @GetMapping("/future/{id}")
    CompletableFuture<String> future(@PathVariable("id") int id) {
        return this.orders.future(id);
    }

    @GetMapping("/mono/{id}")
    Mono<String> mono(@PathVariable("id") int id) {
        return this.orders.mono(id);
    }
}
