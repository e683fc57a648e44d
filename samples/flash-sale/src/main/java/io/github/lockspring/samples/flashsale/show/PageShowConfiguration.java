package io.github.lockspring.samples.flashsale.show;

import io.github.lockspring.samples.flashsale.load.FlashSaleProperties;
import io.github.lockspring.samples.flashsale.page.FigureBoard;
import io.github.lockspring.samples.flashsale.page.PageConfiguration;
import io.github.lockspring.samples.flashsale.page.SaleRequests;
import io.github.lockspring.samples.support.ChildProcesses;
import org.springframework.context.ApplicationListener;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import org.springframework.context.annotation.Import;
import org.springframework.context.annotation.Profile;
import org.springframework.context.event.ContextClosedEvent;
import org.springframework.core.env.Environment;

/** The show with a page, which runs the passes that its reader asks for. */
@Configuration(proxyBeanMethods = false)
@Profile("page")
@Import(PageConfiguration.class)
class PageShowConfiguration {

    @Bean
    Programme passesOnRequest(
            FlashSaleProperties properties,
            Ledger ledger,
            ChildProcesses processes,
            SaleRequests requests,
            FigureBoard board,
            Environment environment) {
        LiveSale sale = new LiveSale(properties, ledger, processes, board);
        return new PassesOnRequest(
                sale,
                ledger,
                processes,
                requests,
                () -> "http://" + environment.getProperty("server.address") + ":"
                        + environment.getProperty("local.server.port"));
    }

    /**
     * The first thing that happens when the user ends the show. Ctrl-C goes to all processes at once, and to Redis: what
     * they say of each other from now on is no news.
     */
    @Bean
    ApplicationListener<ContextClosedEvent> pageCloser(
            SaleRequests requests, FigureBoard board, ChildProcesses processes) {
        return event -> {
            requests.close();
            processes.dismiss();
            board.close();
        };
    }
}
