package io.github.lockspring.samples.support;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import org.junit.jupiter.api.Test;

class ConclusionTests {

    @Test
    void saysWhatWasSeenIfItWasAsPromised() {
        Conclusion conclusion = new Conclusion("All sold.", List.of());
        assertThat(conclusion.asPromised()).isTrue();
        assertThat(conclusion.lines()).containsExactly("All sold.");
    }

    @Test
    void saysOnlyWhatIsWrongOtherwise() {
        Conclusion conclusion = new Conclusion("All sold.", List.of("One is left.", "One came late."));
        assertThat(conclusion.asPromised()).isFalse();
        assertThat(conclusion.lines()).containsExactly("NOT AS PROMISED", "- One is left.", "- One came late.");
    }
}
