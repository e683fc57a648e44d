package io.github.lockspring;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;
import org.springframework.boot.SpringBootVersion;

/** What the other tests here rest on: the built jar on the Boot line that was asked for. */
class ClassPathTests {

    @Test
    void lockComesFromTheBuiltJar() {
        assertThat(LockTemplate.class.getProtectionDomain().getCodeSource().getLocation())
                .as("where the lock's classes come from; the jar is there from the phase \"package\" on")
                .asString()
                .matches(".*/lock-spring-boot-autoconfigure-[^/]+\\.jar");
    }

    @Test
    void bootIsOfTheLineUnderTest() {
        assertThat(SpringBootVersion.getVersion()).isEqualTo(System.getProperty("spring-boot.test.version"));
    }
}
