package io.github.lockspring;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

/** Names that vary as keys should are told once. */
class LockNameCountTests {

    private static final int LIMIT = 10;

    private final LockNameCount count = new LockNameCount(LIMIT);

    @Test
    void warnsOnceOfNamesThatVary() {
        assertThat(logOf(() -> ask(LIMIT))).isEmpty();
        assertThat(logOf(() -> ask(10 * LIMIT)))
                .containsOnlyOnce("More than " + LIMIT + " lock names")
                .contains("'order-", "LockOptions.named(\"order\").key(id)");
        assertThat(logOf(() -> ask(100 * LIMIT))).isEmpty();
    }

    @Test
    void mindsNeitherFewNamesNorManyKeys() {
        assertThat(logOf(() -> {
                    for (int i = 0; i < 100 * LIMIT; i++) {
                        this.count.asked(LockName.of("nightly-" + i % (LIMIT - 1)), false);
                        this.count.asked(LockName.of("order", i), false);
                    }
                }))
                .isEmpty();
    }

    @Test
    void showsNoNameWhereKeysAreMasked() {
        assertThat(logOf(() -> {
                    for (int i = 0; i <= LIMIT; i++) {
                        this.count.asked(LockName.of("customer-" + i), true);
                    }
                }))
                .contains("More than " + LIMIT + " lock names")
                .doesNotContain("customer");
    }

    @Test
    void everyLockThatIsAskedForCounts() {
        for (int i = 0; i < 1_500; i++) {
            LockSettings.DEFAULTS.resolve(LockOptions.named("LockNameCountTests-" + i));
        }
        assertThat(LockNameCount.OF_PROCESS.isTold()).isTrue();
    }

    private void ask(int names) {
        for (int i = 0; i < names; i++) {
            this.count.asked(i % 2 == 0 ? LockName.of("order-" + i) : LockName.of("order-" + i, "key"), false);
        }
    }

    private static String logOf(Runnable work) {
        try (LogCapture log = LogCapture.info(LockNameCount.class)) {
            work.run();
            return String.join("\n", log.said());
        }
    }
}
