package io.github.lockspring.process;

import io.github.lockspring.testredis.ParentJvm;
import io.github.lockspring.testredis.RespClient;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.atomic.AtomicInteger;

/** Main class of a process with several threads that call at random. */
final class RandomCallsWorker {

    private RandomCallsWorker() {}

    public static void main(String[] arguments) throws InterruptedException {
        ParentJvm parent = ParentJvm.connect();
        String host = arguments[1];
        int port = Integer.parseInt(arguments[2]);
        LockClient client = LockClient.connect(Driver.valueOf(arguments[0]), host, port, arguments[3])
                .awaitReady();
        AtomicInteger lostLeases = new AtomicInteger();
        int threads = Integer.parseInt(arguments[5]);
        List<RandomCaller> callers = new ArrayList<>();
        for (int i = 0; i < threads; i++) {
            callers.add(new RandomCaller(client.locks(), RespClient.connect(host, port), arguments[4], lostLeases));
        }
        parent.say("ready");
        Duration time = Duration.parse(parent.nextCommand());
        ExecutorService executor = Executors.newFixedThreadPool(threads);
        try {
            CompletableFuture.allOf(callers.stream()
                            .map(caller -> CompletableFuture.runAsync(() -> caller.callFor(time), executor))
                            .toArray(CompletableFuture[]::new))
                    .join();
            parent.say("done " + lostLeases);
        } catch (RuntimeException ex) {
            parent.say("failed " + ex);
        }
        parent.nextCommand();
    }
}
