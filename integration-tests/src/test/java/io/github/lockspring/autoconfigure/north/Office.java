package io.github.lockspring.autoconfigure.north;

import io.github.lockspring.autoconfigure.InheritedWork;

/** One of two classes of this simple name. */
public class Office extends InheritedWork {}
