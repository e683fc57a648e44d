package io.github.lockspring.engine;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.github.lockspring.LockHolder;
import io.github.lockspring.store.AcquireOutcome;
import io.github.lockspring.store.Grant;
import io.github.lockspring.store.GrantListener;
import io.github.lockspring.store.LockStore;
import io.github.lockspring.store.ReleaseMode;
import io.github.lockspring.store.ReleaseOutcome;
import io.github.lockspring.store.RenewOutcome;
import io.github.lockspring.store.Renewal;
import io.github.lockspring.store.StoreCapability;
import io.github.lockspring.store.TenureId;
import io.github.lockspring.store.TenureRequest;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Consumer;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;

/** A store that is played by the test: it records every command and answers what the test says, when the test says so. */
final class ScriptedStore implements LockStore {

    private final Set<StoreCapability> capabilities;

    private final BlockingQueue<StoreCommand<?>> commands = new LinkedBlockingQueue<>();

    private GrantListener listener;

    private volatile CompletionStage<Optional<LockHolder>> holder = CompletableFuture.completedFuture(Optional.empty());

    private final AtomicInteger looks = new AtomicInteger();

    private volatile TenureId newest;

    private volatile @Nullable Thread driverThread;

    private volatile Consumer<StoreCommand<?>> atOnce = command -> {};

    ScriptedStore(Set<StoreCapability> capabilities) {
        this.capabilities = capabilities;
    }

    @Override
    public CompletionStage<AcquireOutcome> acquire(TenureRequest request) {
        this.newest = request.tenure();
        return sent(new StoreCommand.Acquire(request));
    }

    @Override
    public List<CompletionStage<RenewOutcome>> renew(List<Renewal> renewals) {
        CompletionStage<List<RenewOutcome>> answer = sent(new StoreCommand.Renew(renewals));
        return IntStream.range(0, renewals.size())
                .<CompletionStage<RenewOutcome>>mapToObj(i -> answer.thenApply(outcomes -> outcomes.get(i)))
                .toList();
    }

    @Override
    public CompletionStage<ReleaseOutcome> release(TenureId tenure, ReleaseMode mode) {
        return sent(new StoreCommand.Release(tenure, mode));
    }

    @Override
    public CompletionStage<Void> leave(TenureId tenure) {
        return sent(new StoreCommand.Leave(tenure));
    }

    @Override
    public void onGrant(String client, GrantListener listener) {
        this.listener = listener;
    }

    @Override
    public CompletionStage<Optional<LockHolder>> holder(String fullName) {
        CompletionStage<Optional<LockHolder>> answer = this.holder;
        this.looks.incrementAndGet();
        return answer;
    }

    @Override
    public boolean mustNotBlock(Thread thread) {
        return thread == this.driverThread;
    }

    @Override
    public Set<StoreCapability> capabilities() {
        return this.capabilities;
    }

    private <T> CompletionStage<T> sent(StoreCommand<T> command) {
        this.commands.add(command);
        this.atOnce.accept(command);
        return command.stage();
    }

    // ---- for the test ----

    /** From now on the current thread counts as one of the driver's. */
    void servedByThisThread() {
        this.driverThread = Thread.currentThread();
    }

    /** Has commands answered inside the call that sends them. */
    void answerAtOnce(Consumer<StoreCommand<?>> answers) {
        this.atOnce = answers;
    }

    boolean hasNext() {
        return !this.commands.isEmpty();
    }

    void answerHolder(CompletionStage<Optional<LockHolder>> answer) {
        this.holder = answer;
    }

    /** Waits until the store has been asked so often who has a lock. */
    void awaitLooks(int looks) {
        await().untilAsserted(() -> assertThat(this.looks).hasValueGreaterThanOrEqualTo(looks));
    }

    StoreCommand.Acquire acquire() {
        return next(StoreCommand.Acquire.class);
    }

    StoreCommand.Renew renew() {
        return next(StoreCommand.Renew.class);
    }

    StoreCommand.Release release() {
        return next(StoreCommand.Release.class);
    }

    /** The next command, which asks to go on with the tenure. */
    StoreCommand.Release keep() {
        StoreCommand.Release release = release();
        assertThat(release.mode()).isInstanceOf(ReleaseMode.KeepIfNobodyWaits.class);
        return release;
    }

    /** The next command, which gives the lock back. */
    StoreCommand.Release free() {
        StoreCommand.Release release = release();
        assertThat(release.mode()).isInstanceOf(ReleaseMode.Free.class);
        return release;
    }

    StoreCommand.Leave leave() {
        return next(StoreCommand.Leave.class);
    }

    void expectNothing() {
        assertThat(this.commands).as("commands that nobody expects").isEmpty();
    }

    void listening(boolean listening) {
        this.listener.onListening(listening);
    }

    void reconnected() {
        this.listener.onReconnected();
    }

    /** The owner that last asked for the lock no longer has it. */
    void lost() {
        this.listener.onLost(this.newest);
    }

    void grantTo(String owner, long number, Duration lease) {
        this.listener.onGrant(new Grant("lock", owner, number, lease, 0));
    }

    void grant(StoreCommand.Acquire request, long number, Duration lease, long stamp) {
        this.listener.onGrant(new Grant(
                request.request().tenure().fullName(),
                request.request().tenure().owner(),
                number,
                lease,
                stamp));
    }

    private <C extends StoreCommand<?>> C next(Class<C> type) {
        try {
            StoreCommand<?> command = this.commands.poll(5, TimeUnit.SECONDS);
            assertThat(command).as("next command").isInstanceOf(type);
            return type.cast(command);
        } catch (InterruptedException ex) {
            throw new AssertionError("Interrupted while waiting for a command", ex);
        }
    }
}
