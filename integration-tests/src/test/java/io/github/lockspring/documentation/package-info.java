/** The Markdown files of the project, held to what is there: code that compiles, links that lead somewhere. */
@NullMarked
package io.github.lockspring.documentation;

import org.jspecify.annotations.NullMarked;
