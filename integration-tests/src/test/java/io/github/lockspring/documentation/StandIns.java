package io.github.lockspring.documentation;

import io.github.lockspring.LockOperations;
import java.math.BigDecimal;
import java.time.LocalDate;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.ExecutorService;

/** What examples take for granted: code of an application. Nothing of it runs. */
public abstract class StandIns {

    protected LockOperations locks;

    protected LockOperations lockOperations;

    protected long id;

    protected Orders orders;

    protected Stock stock;

    protected Reports reports;

    protected PriceCache cache;

    protected CompletableFuture<PriceList> prices;

    protected Invoices invoices;

    protected Carrier carrier;

    protected ExecutorService pool;

    protected ExecutorService workers;

    protected abstract PriceList loadPrices();

    /** Stands for {@code ...}. */
    public static <T> T leftOut() {
        throw new UnsupportedOperationException();
    }

    public record Order(long id) {}

    public record Customer(long id) {}

    public record Product(String id) {}

    public record Payment(BigDecimal amount) {}

    public record Receipt(String id) {}

    public record Invoice(long orderId) {}

    public interface Orders {

        void ship(long id, long fencingToken);

        Invoice attach(long id, Invoice draft, long fencingToken);
    }

    public interface OrderService {

        void ship(long id);
    }

    public interface Carrier {

        void pickUp(Order order);
    }

    public interface Stock {

        int take(long id);

        int read();

        void write(int pieces);
    }

    public interface Reports {

        void write() throws Exception;

        boolean exists(LocalDate day);

        void write(LocalDate day);
    }

    public interface Receipts {

        Optional<Receipt> find(String id);

        Receipt insert(String id, Receipt receipt);
    }

    public interface PaymentGateway {

        Receipt charge(String id, Payment payment);
    }

    public interface PriceList {

        boolean isFresh();
    }

    public interface PriceCache {

        PriceList get();

        PriceList put(PriceList prices, long fencingToken);
    }

    public interface Accounts {

        void add(long id, BigDecimal amount, long fencingToken);
    }

    public interface Invoices {

        CompletionStage<Invoice> request(long orderId);
    }
}
