package io.github.lockspring.autoconfigure.south;

import io.github.lockspring.autoconfigure.InheritedWork;

/** One of two classes of this simple name. */
public class Office extends InheritedWork {}
