package io.github.lockspring.benchmarks.runner;

import io.github.lockspring.benchmarks.contender.ContenderType;
import java.time.Duration;

/** What a worker is started with. */
record WorkerKey(ContenderType contender, String host, int port, Duration lease) {}
