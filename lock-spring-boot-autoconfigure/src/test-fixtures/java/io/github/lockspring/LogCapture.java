package io.github.lockspring;

import ch.qos.logback.classic.Level;
import ch.qos.logback.classic.Logger;
import ch.qos.logback.classic.spi.ILoggingEvent;
import ch.qos.logback.classic.spi.ThrowableProxyUtil;
import ch.qos.logback.core.AppenderBase;
import java.util.List;
import java.util.Objects;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.function.Consumer;
import org.slf4j.LoggerFactory;

/** What the classes of a package say in the log, from a level on, until closed. */
public final class LogCapture implements AutoCloseable {

    private final List<ILoggingEvent> events = new CopyOnWriteArrayList<>();

    private final Logger logger;

    private final Level before;

    private final AppenderBase<ILoggingEvent> appender;

    private LogCapture(Class<?> inPackage, Level level, Consumer<ILoggingEvent> onEvent) {
        this.logger = (Logger) LoggerFactory.getLogger(inPackage.getPackageName());
        this.before = this.logger.getLevel();
        this.appender = new AppenderBase<>() {
            @Override
            protected void append(ILoggingEvent event) {
                event.prepareForDeferredProcessing();
                LogCapture.this.events.add(event);
                onEvent.accept(event);
            }
        };
        this.appender.start();
        this.logger.setLevel(level);
        this.logger.addAppender(this.appender);
    }

    /** Everything, as it is by default. */
    public static LogCapture info(Class<?> inPackage) {
        return new LogCapture(inPackage, Level.INFO, event -> {});
    }

    /** Everything, with the steps of every call. */
    public static LogCapture debug(Class<?> inPackage) {
        return debug(inPackage, event -> {});
    }

    /** The same, with something to be done on the thread that says something. */
    public static LogCapture debug(Class<?> inPackage, Consumer<ILoggingEvent> onEvent) {
        return new LogCapture(inPackage, Level.DEBUG, onEvent);
    }

    public List<String> said() {
        return this.events.stream().map(ILoggingEvent::getFormattedMessage).toList();
    }

    public List<String> said(Level level) {
        return this.events.stream()
                .filter(event -> event.getLevel() == level)
                .map(ILoggingEvent::getFormattedMessage)
                .toList();
    }

    /** The stack traces that were logged, as text. */
    public List<String> stacks() {
        return this.events.stream()
                .map(ILoggingEvent::getThrowableProxy)
                .filter(Objects::nonNull)
                .map(ThrowableProxyUtil::asString)
                .toList();
    }

    /** Forgets what has been said. */
    public void clear() {
        this.events.clear();
    }

    @Override
    public void close() {
        this.logger.detachAppender(this.appender);
        this.logger.setLevel(this.before);
    }
}
