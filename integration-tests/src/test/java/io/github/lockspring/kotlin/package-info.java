@NullMarked
package io.github.lockspring.kotlin;

import org.jspecify.annotations.NullMarked;
