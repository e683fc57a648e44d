package io.github.lockspring.samples.flashsale.show;

import io.github.lockspring.LockName;
import io.github.lockspring.samples.flashsale.load.FlashSaleProperties;
import io.github.lockspring.samples.flashsale.load.LockReport;
import io.github.lockspring.samples.flashsale.load.Pass;
import io.github.lockspring.samples.flashsale.page.FigureBoard;
import io.github.lockspring.samples.flashsale.page.Figures;
import io.github.lockspring.samples.flashsale.page.LockFigures;
import io.github.lockspring.samples.flashsale.page.PassFigures;
import io.github.lockspring.samples.support.ChildProcesses;
import io.github.lockspring.samples.support.Conclusion;
import io.github.lockspring.samples.support.ProcessEvent;
import io.github.lockspring.samples.support.ResultTable;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/** Keeps the figures of the page up to date. Used by the thread that runs the passes. */
final class LiveSale implements PassObserver {

    /** The name of the lock in {@code StockService}; its key is the product. */
    private static final String LOCK = "stock";

    private final FlashSaleProperties properties;

    private final Ledger ledger;

    private final ChildProcesses processes;

    private final FigureBoard board;

    private final Map<Pass, PassFigures> passes = new EnumMap<>(Pass.class);

    private final Map<Pass, PassResult> results = new EnumMap<>(Pass.class);

    /** Of the latest pass with lock, by the number of the process. */
    private final Map<Integer, LockReport> reports = new TreeMap<>();

    private @Nullable LockName lock;

    private @Nullable Pass running;

    private String productId = "";

    LiveSale(FlashSaleProperties properties, Ledger ledger, ChildProcesses processes, FigureBoard board) {
        this.properties = properties;
        this.ledger = ledger;
        this.processes = processes;
        this.board = board;
    }

    /** No pass runs: the next one can begin. */
    void ready() {
        publish(Figures.Phase.READY, null);
    }

    void fails(RuntimeException failure) {
        publish(Figures.Phase.FAILED, failure.getMessage());
    }

    void reset() {
        this.passes.clear();
        this.results.clear();
        this.reports.clear();
        this.lock = null;
    }

    @Override
    public void begins(Pass pass, String productId) {
        this.running = pass;
        this.productId = productId;
        this.results.remove(pass);
        if (pass == Pass.WITH_LOCK) {
            this.reports.clear();
            this.lock = LockName.of(LOCK, productId);
        }
        this.passes.put(pass, PassFigures.begins(this.properties.stock()));
        publish();
    }

    @Override
    public void told(ProcessEvent event) {
        if (!event.is(LockReport.KIND) || this.lock == null) {
            return;
        }
        LockReport report = LockReport.parse(event);
        if (report.isOf(this.lock)) {
            this.reports.put((int) event.number(), report);
        }
    }

    @Override
    public void progress(Tally tally) {
        if (this.running != null) {
            Ledger.Entry entry = this.ledger.look(this.productId);
            this.passes.put(
                    this.running,
                    new PassFigures(
                            tally.elapsed().toMillis(),
                            tally.customersServed(),
                            entry.orders(),
                            entry.stockLeft(),
                            Math.max(0, entry.orders() - this.properties.stock()),
                            false));
            publish();
        }
    }

    void ends(PassResult result) {
        this.running = null;
        this.results.put(result.pass(), result);
        this.passes.computeIfPresent(
                result.pass(),
                (pass, latest) -> new PassFigures(
                        latest.millis(), latest.served(), result.sold(), result.stockLeft(), result.oversold(), true));
    }

    /** What has been sold so far. */
    ResultTable table() {
        return PassResult.table(List.copyOf(this.results.values()));
    }

    /** What came of both passes, {@code null} before. */
    @Nullable Conclusion conclusion() {
        PassResult withoutLock = this.results.get(Pass.WITHOUT_LOCK);
        PassResult withLock = this.results.get(Pass.WITH_LOCK);
        return withoutLock == null || withLock == null ? null : Verdict.of(withoutLock, withLock);
    }

    void publish() {
        publish(this.running == null ? Figures.Phase.READY : Figures.Phase.SELLING, null);
    }

    private void publish(Figures.Phase phase, @Nullable String failure) {
        this.board.show(new Figures(
                phase,
                failure,
                this.running,
                new Figures.Size(this.properties.stock(), this.properties.customers(), this.properties.threads()),
                this.processes.pids(),
                Map.copyOf(this.passes),
                lockFigures(),
                table().rows(),
                conclusion()));
    }

    private @Nullable LockFigures lockFigures() {
        LockName name = this.lock;
        return name == null ? null : LockFigures.of(name.fullName(), this.processes.size(), this.reports);
    }
}
