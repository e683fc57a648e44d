package io.github.lockspring.engine;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.Test;

/** Owners differ between processes, between copies of one process, and are told apart from those of others. */
class OwnerFactoryTests {

    private final OwnerFactory owners = new OwnerFactory("my-app");

    @Test
    void ownersBeginWithTheirClient() {
        assertThat(this.owners.next()).startsWith(this.owners.client() + ":").isNotEqualTo(this.owners.next());
        assertThat(this.owners.client()).startsWith("my-app@");
    }

    @Test
    void ownersAfterANewConnectionHaveAFreshRandomPart() {
        String before = this.owners.next();
        this.owners.renew();
        String after = this.owners.next();
        this.owners.renew();
        String last = this.owners.next();
        assertThat(markOf(after, this.owners)).isNotEmpty().isNotEqualTo(markOf(last, this.owners));
        assertThat(after).startsWith(this.owners.client() + ":");
        assertThat(this.owners.isOfPresentMark(last)).isTrue();
        assertThat(this.owners.isOfPresentMark(after))
                .as("a copy may go on with that mark")
                .isFalse();
        assertThat(this.owners.isOfPresentMark(before)).isFalse();
    }

    @Test
    void ownersOfACopyAreNotOurs() {
        assertThat(this.owners.isOfPresentMark(this.owners.client() + ":c0ffee00-1"))
                .isFalse();
        assertThat(this.owners.isOfPresentMark(this.owners.client() + ":1")).isTrue();
        assertThat(this.owners.isOfPresentMark("another@host:1:abc:1")).isFalse();
    }

    /** Two copies of one machine listen to one channel: what was granted to the other is not to be given back. */
    @Test
    void aGrantForACopyIsLeftAlone() {
        EngineFixture fixture = new EngineFixture();
        OwnerFactory ofEngine = fixture.engine.context.owners;
        fixture.store.listening(true);
        String before = ofEngine.next();
        fixture.store.reconnected();
        fixture.store.grantTo(ofEngine.client() + ":c0ffee00-1", 4, Duration.ofSeconds(2));
        // the other one's connection has survived the copying: it goes on with the mark of before
        fixture.store.grantTo(before, 5, Duration.ofSeconds(2));
        fixture.store.expectNothing();
    }

    /** Drivers that keep a pool, or connect again by themselves, tell of a new connection by the subscription at most. */
    @Test
    void ownersAfterANewConnectionOrSubscriptionOfTheEngineHaveAFreshRandomPart() {
        EngineFixture fixture = new EngineFixture();
        OwnerFactory ofEngine = fixture.engine.context.owners;
        String first = markOf(ofEngine);
        fixture.store.listening(true);
        String second = markOf(ofEngine);
        fixture.store.reconnected();
        String third = markOf(ofEngine);
        assertThat(List.of(first, second, third)).doesNotHaveDuplicates();
    }

    private String markOf(OwnerFactory factory) {
        return markOf(factory.next(), factory);
    }

    private String markOf(String owner, OwnerFactory factory) {
        String ending = owner.substring(factory.client().length() + 1);
        return ending.substring(0, ending.indexOf('-') + 1);
    }
}
