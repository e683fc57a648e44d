package io.github.lockspring.samples.support;

import java.util.List;

/**
 * What came of a show.
 *
 * @param success one sentence that says what was seen, if it was as promised
 * @param complaints one sentence for each thing that is not as it has to be
 */
public record Conclusion(String success, List<String> complaints) {}
