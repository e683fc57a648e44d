package io.github.lockspring.test.orders;

import io.github.lockspring.annotation.DistributedLock;
import io.github.lockspring.annotation.OnContention;
import java.util.Optional;
import org.springframework.stereotype.Service;
import org.springframework.transaction.annotation.Transactional;

@Service
public class OrderService {

    private final Shipments shipments;

    private final Carrier carrier;

    OrderService(Shipments shipments, Carrier carrier) {
        this.shipments = shipments;
        this.carrier = carrier;
    }

    @DistributedLock(name = "order", key = "#id")
    @Transactional
    public void ship(long id) {
        this.shipments.insert(id);
        this.carrier.pickUp(id);
    }

    @DistributedLock(name = "order", key = "#id", onContention = OnContention.SKIP)
    public Optional<Long> shipIfFree(long id) {
        this.carrier.pickUp(id);
        return Optional.of(id);
    }

    /** The lock begins and ends inside of the transaction. */
    @Transactional
    public void shipAll(Runnable inTransaction) {
        this.shipments.insert(1);
        inTransaction.run();
    }
}
