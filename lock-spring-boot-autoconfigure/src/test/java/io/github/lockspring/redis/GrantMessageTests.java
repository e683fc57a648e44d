package io.github.lockspring.redis;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.lockspring.LockName;
import io.github.lockspring.store.Grant;
import java.time.Duration;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class GrantMessageTests {

    private final KeyLayout layout = new KeyLayout("lock:");

    @Test
    void readsWhatScriptsPublish() {
        assertThat(read("1\n1732172645123456\n2000\n1732172645123999\napp@host:1:r:2\nlock:{order:42}"))
                .contains(new Grant(
                        "order:42", "app@host:1:r:2", 1732172645123456L, Duration.ofSeconds(2), 1732172645123999L));
    }

    @ParameterizedTest
    @ValueSource(strings = {"a:b", "\n", "a\nb", "{}", "1\n2\n3\n4\n5\n6", " ", "🔒"})
    void everyFullNameArrives(String part) {
        String fullName = LockName.of("x" + part, "y" + part).fullName();
        assertThat(read("1\n1\n2\n3\nowner\nlock:{" + fullName + "}"))
                .hasValueSatisfying(grant -> assertThat(grant.fullName()).isEqualTo(fullName));
    }

    @Test
    void prefixMayHaveLineFeeds() {
        KeyLayout odd = new KeyLayout("a\nb:");
        assertThat(GrantMessage.read(KeyLayout.bytes("1\n1\n2\n3\nowner\na\nb:{x}"), odd))
                .hasValueSatisfying(grant -> assertThat(grant.fullName()).isEqualTo("x"));
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "",
                "1",
                "2\n1\n2\n3\nowner\nlock:{x}",
                "1\n1\n2\n3\nowner",
                "1\n1\n2\n3\nowner\nother:{x}",
                "1\nx\n2\n3\nowner\nlock:{x}",
                "1\n1\n2\n\nowner\nlock:{x}",
                "1\n1\n99999999999999999999\n3\nowner\nlock:{x}"
            })
    void ignoresUnknownMessages(String message) {
        assertThat(read(message)).isEmpty();
    }

    private Optional<Grant> read(String message) {
        return GrantMessage.read(KeyLayout.bytes(message), this.layout);
    }
}
