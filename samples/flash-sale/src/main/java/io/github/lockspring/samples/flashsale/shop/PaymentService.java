package io.github.lockspring.samples.flashsale.shop;

import java.time.Duration;
import org.springframework.beans.factory.annotation.Value;
import org.springframework.stereotype.Service;

/** Stands for the payment provider: a call over the network that takes its time. */
@Service
class PaymentService {

    private final Duration time;

    PaymentService(@Value("${flash-sale.payment-time}") Duration time) {
        this.time = time;
    }

    void charge(String customer) {
        try {
            Thread.sleep(this.time.toMillis());
        } catch (InterruptedException ex) {
            Thread.currentThread().interrupt();
            throw new IllegalStateException("Interrupted while " + customer + " was paying", ex);
        }
    }
}
