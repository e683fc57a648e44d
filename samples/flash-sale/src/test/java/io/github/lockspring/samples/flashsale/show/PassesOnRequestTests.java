package io.github.lockspring.samples.flashsale.show;

import static org.mockito.ArgumentMatchers.any;
import static org.mockito.Mockito.mock;
import static org.mockito.Mockito.never;
import static org.mockito.Mockito.verify;
import static org.mockito.Mockito.when;

import io.github.lockspring.samples.flashsale.load.LockReport;
import io.github.lockspring.samples.flashsale.page.SaleRequests;
import io.github.lockspring.samples.support.ChildProcesses;
import io.github.lockspring.samples.support.ProcessEvent;
import java.io.OutputStream;
import java.io.PrintStream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** A report of a process comes in while no pass runs. */
class PassesOnRequestTests {

    private final LiveSale sale = mock();

    private final ChildProcesses processes = mock();

    private final SaleRequests requests = mock();

    private final ProcessEvent report = ProcessEvent.of(LockReport.KIND, "");

    @BeforeEach
    void reportOnce() {
        when(this.processes.next(any())).thenReturn(this.report);
        when(this.requests.isClosed()).thenReturn(false, true);
    }

    @Test
    void isShownWhereTheNextPassMayBegin() {
        when(this.requests.isOpen()).thenReturn(true);
        perform();
        verify(this.sale).told(this.report);
        verify(this.sale).publish();
    }

    /** Pages would offer another request, and it would be refused. */
    @Test
    void isShownLaterWhereARequestHasJustBeenAccepted() {
        perform();
        verify(this.sale).told(this.report);
        verify(this.sale, never()).publish();
    }

    private void perform() {
        new PassesOnRequest(this.sale, mock(), this.processes, this.requests, () -> "here")
                .perform(mock(), new PrintStream(OutputStream.nullOutputStream()));
    }
}
