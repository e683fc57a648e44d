package io.github.lockspring.samples.flashsale.page;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;
import static org.springframework.test.web.servlet.request.MockMvcRequestBuilders.get;
import static org.springframework.test.web.servlet.request.MockMvcRequestBuilders.post;

import jakarta.servlet.Filter;
import jakarta.servlet.FilterChain;
import jakarta.servlet.ServletException;
import jakarta.servlet.ServletOutputStream;
import jakarta.servlet.ServletRequest;
import jakarta.servlet.ServletResponse;
import jakarta.servlet.http.HttpServletResponse;
import jakarta.servlet.http.HttpServletResponseWrapper;
import java.io.IOException;
import java.io.InterruptedIOException;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.springframework.mock.web.DelegatingServletOutputStream;
import org.springframework.mock.web.MockHttpServletResponse;
import org.springframework.test.web.servlet.MockMvc;
import org.springframework.test.web.servlet.setup.MockMvcBuilders;

class PageControllerTests {

    private final SaleRequests requests = new SaleRequests();

    private final FigureBoard board = new FigureBoard(Figures.starting(new Figures.Size(10, 30, 4)));

    private final MockMvc page = MockMvcBuilders.standaloneSetup(new PageController(this.board, this.requests))
            .build();

    @AfterEach
    void close() {
        this.board.close();
    }

    @Test
    void acceptsOneRequestAtATime() throws Exception {
        this.requests.open();
        assertThat(request("/passes/WITH_LOCK").getStatus()).isEqualTo(202);
        MockHttpServletResponse refused = request("/passes/WITH_LOCK");
        assertThat(refused.getStatus()).isEqualTo(409);
        assertThat(refused.getContentAsString()).contains("Not now");
        assertThat(request("/passes/WITHOUT_LOCK").getStatus()).isEqualTo(409);
        assertThat(request("/reset").getStatus()).isEqualTo(409);
        assertThat(this.requests.poll()).isEqualTo(SaleRequest.SELL_WITH_LOCK);
        assertThat(this.requests.poll()).isNull();
        assertThat(request("/reset").getStatus()).as("while it is carried out").isEqualTo(409);
        this.requests.open();
        assertThat(request("/reset").getStatus()).isEqualTo(202);
    }

    @Test
    void acceptsNothingBeforeTheProcessesAreReadyAndAfterTheEnd() throws Exception {
        assertThat(request("/passes/WITH_LOCK").getStatus()).isEqualTo(409);
        this.requests.close();
        this.requests.open();
        assertThat(request("/passes/WITH_LOCK").getStatus()).isEqualTo(409);
    }

    @Test
    void sendsTheFiguresOfTheMomentAndThoseThatFollow() throws Exception {
        MockHttpServletResponse events =
                this.page.perform(get("/figures")).andReturn().getResponse();
        await().until(() -> events.getContentAsString().contains("\"phase\":\"STARTING\""));
        assertThat(events.getContentType()).startsWith("text/event-stream");
        this.board.show(Figures.starting(new Figures.Size(11, 30, 4)));
        await().until(() -> events.getContentAsString().contains("\"stock\":11"));
    }

    /** Its connection takes nothing more. */
    @Test
    void aReaderThatStallsDoesNotKeepTheOthers() throws Exception {
        CountDownLatch stalled = new CountDownLatch(1);
        CountDownLatch over = new CountDownLatch(1);
        MockMvc slow = MockMvcBuilders.standaloneSetup(new PageController(this.board, this.requests))
                .addFilters(new StallingFilter(stalled, over))
                .build();
        CompletableFuture<Void> opened = CompletableFuture.runAsync(() -> open(slow));
        try {
            assertThat(stalled.await(30, TimeUnit.SECONDS)).isTrue();
            MockHttpServletResponse events =
                    this.page.perform(get("/figures")).andReturn().getResponse();
            await().until(() -> events.getContentAsString().contains("\"phase\":\"STARTING\""));
            this.board.show(Figures.starting(new Figures.Size(11, 30, 4)));
            await().until(() -> events.getContentAsString().contains("\"stock\":11"));
        } finally {
            over.countDown();
        }
        assertThat(opened).succeedsWithin(Duration.ofSeconds(30));
    }

    private static void open(MockMvc page) {
        try {
            page.perform(get("/figures"));
        } catch (Exception ex) {
            throw new IllegalStateException(ex);
        }
    }

    /** What is written to its responses waits. */
    private record StallingFilter(CountDownLatch stalled, CountDownLatch over) implements Filter {

        @Override
        public void doFilter(ServletRequest request, ServletResponse response, FilterChain chain)
                throws IOException, ServletException {
            ServletOutputStream out = response.getOutputStream();
            ServletOutputStream stalling = new DelegatingServletOutputStream(out) {

                @Override
                public void write(byte[] bytes, int offset, int length) throws IOException {
                    await();
                    super.write(bytes, offset, length);
                }

                @Override
                public void write(int b) throws IOException {
                    await();
                    super.write(b);
                }

                private void await() throws IOException {
                    StallingFilter.this.stalled.countDown();
                    try {
                        StallingFilter.this.over.await();
                    } catch (InterruptedException ex) {
                        throw new InterruptedIOException();
                    }
                }
            };
            chain.doFilter(request, new HttpServletResponseWrapper((HttpServletResponse) response) {

                @Override
                public ServletOutputStream getOutputStream() {
                    return stalling;
                }
            });
        }
    }

    private MockHttpServletResponse request(String path) throws Exception {
        return this.page.perform(post(path)).andReturn().getResponse();
    }
}
