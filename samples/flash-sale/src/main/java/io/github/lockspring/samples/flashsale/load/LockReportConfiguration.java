package io.github.lockspring.samples.flashsale.load;

import io.github.lockspring.LockEngine;
import io.github.lockspring.samples.support.ProcessEvent;
import org.springframework.beans.factory.annotation.Value;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import org.springframework.context.annotation.Profile;

/** What a process needs besides when a page shows its locks. Without page nothing is counted or reported. */
@Configuration(proxyBeanMethods = false)
@Profile("page")
public class LockReportConfiguration {

    @Bean
    LockCounts lockCounts() {
        return new LockCounts();
    }

    @Bean
    LockReporter lockReporter(LockEngine engine, LockCounts counts, @Value("${flash-sale.process}") int process) {
        return new LockReporter(engine, counts, process, ProcessEvent::send).start();
    }
}
