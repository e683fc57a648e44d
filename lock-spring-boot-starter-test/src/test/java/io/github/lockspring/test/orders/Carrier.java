package io.github.lockspring.test.orders;

import org.springframework.stereotype.Component;

@Component
public class Carrier {

    public void pickUp(long order) {}
}
