package io.github.lockspring.aspectj;

/** Called as the subclasses are that Spring generates for its proxies. */
class OfClass$$SpringCGLIB$$0 extends WovenOrders.OfClass {

    Object callOfProxy() {
        return "proxy";
    }
}
