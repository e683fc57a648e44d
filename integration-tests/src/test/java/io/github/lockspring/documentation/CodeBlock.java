package io.github.lockspring.documentation;

import java.util.List;

/**
 * Fenced code of a Markdown file.
 *
 * @param file the file
 * @param line where its first line stands, counted from 1
 * @param language what the fence says
 * @param lines the code, without the indentation of the fence
 */
record CodeBlock(String file, int line, String language, List<String> lines) {

    String text() {
        return String.join("\n", this.lines);
    }

    @Override
    public String toString() {
        return this.file + ':' + this.line;
    }
}
