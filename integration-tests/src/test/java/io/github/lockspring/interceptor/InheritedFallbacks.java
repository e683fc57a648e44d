package io.github.lockspring.interceptor;

/** What a bean inherits. */
class InheritedFallbacks {

    String inherited(String id) {
        return "inherited, " + id;
    }
}
