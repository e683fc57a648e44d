package io.github.lockspring.samples.cacherefresh.cache;

import org.springframework.stereotype.Service;

/**
 * Looks into the cache, in three ways that differ in what happens when there is no fresh price. A hit ends here, and
 * takes no lock: locks are on the methods of another bean, behind this one.
 */
@Service
public class Prices {

    private final PriceCache cache;

    private final PriceRefresh refresh;

    Prices(PriceCache cache, PriceRefresh refresh) {
        this.cache = cache;
        this.refresh = refresh;
    }

    /** All who find no fresh price make one. */
    public Answer readWithoutLock(String product) {
        Price known = this.cache.find(product);
        return known != null && known.isFresh() ? Answer.hit(known) : this.refresh.withoutLock(product, known);
    }

    /** One of them makes it, and the others wait for it. */
    public Answer readOrWait(String product) {
        Price known = this.cache.find(product);
        return known != null && known.isFresh() ? Answer.hit(known) : this.refresh.orWait(product);
    }

    /** One of them makes it, and the others take the old one meanwhile. If there is none, they have to wait. */
    public Answer readOrTakeOld(String product) {
        Price known = this.cache.find(product);
        if (known != null && known.isFresh()) {
            return Answer.hit(known);
        }
        return known == null ? this.refresh.orWait(product) : this.refresh.orTakeOld(product, known);
    }
}
