package io.github.lockspring.samples.cacherefresh.cache;

import io.github.lockspring.annotation.DistributedLock;
import io.github.lockspring.samples.cacherefresh.cache.Answer.Origin;
import org.jspecify.annotations.Nullable;
import org.springframework.stereotype.Service;

/** Makes prices. With the lock, one reader of all processes makes that of a product at a time. */
@Service
class PriceRefresh {

    private final PriceCache cache;

    private final PriceSource source;

    PriceRefresh(PriceCache cache, PriceSource source) {
        this.cache = cache;
        this.source = source;
    }

    public Answer withoutLock(String product, @Nullable Price known) {
        return rebuild(product, known);
    }

    @DistributedLock(name = "price", key = "#product")
    public Answer orWait(String product) {
        return rebuildUnlessFresh(product);
    }

    /** Tries once to get the lock. */
    @DistributedLock(name = "price", key = "#product", waitTime = "0s", fallback = "takeOld")
    public Answer orTakeOld(String product, Price old) {
        return rebuildUnlessFresh(product);
    }

    /** Called instead if another reader has the lock, with the same arguments. */
    Answer takeOld(String product, Price old) {
        return new Answer(old, Origin.STALE);
    }

    /** Looks again under the lock: the reader that had it before may just have made a new one. */
    private Answer rebuildUnlessFresh(String product) {
        Price known = this.cache.find(product);
        return known != null && known.isFresh() ? new Answer(known, Origin.AWAITED) : rebuild(product, known);
    }

    private Answer rebuild(String product, @Nullable Price known) {
        Price price = this.source.load(product, known);
        this.cache.put(product, price);
        return new Answer(price, Origin.REBUILT);
    }
}
