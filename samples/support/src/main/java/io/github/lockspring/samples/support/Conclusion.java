package io.github.lockspring.samples.support;

import java.util.List;
import java.util.stream.Stream;

/**
 * What came of a show.
 *
 * @param success one sentence that says what was seen, if it was as promised
 * @param complaints one sentence for each thing that is not as it has to be
 */
public record Conclusion(String success, List<String> complaints) {

    /** Whether it was as promised. */
    public boolean asPromised() {
        return this.complaints.isEmpty();
    }

    /** The same as text. */
    public List<String> lines() {
        return asPromised()
                ? List.of(this.success)
                : Stream.concat(
                                Stream.of("NOT AS PROMISED"),
                                this.complaints.stream().map(each -> "- " + each))
                        .toList();
    }
}
