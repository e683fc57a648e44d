package io.github.lockspring.web;

import org.springframework.web.bind.annotation.RequestMapping;
import org.springframework.web.bind.annotation.RestController;

/** Mapped as an interface, for proxies of both kinds. */
@RestController
@RequestMapping("/order")
public interface OrderEndpoints extends AsyncEndpoints {}
