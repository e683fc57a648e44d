package io.github.lockspring.samples.flashsale.page;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;
import static org.springframework.test.web.servlet.request.MockMvcRequestBuilders.get;
import static org.springframework.test.web.servlet.request.MockMvcRequestBuilders.post;

import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
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

    private MockHttpServletResponse request(String path) throws Exception {
        return this.page.perform(post(path)).andReturn().getResponse();
    }
}
