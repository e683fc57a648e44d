package io.github.lockspring.web;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.lockspring.autoconfigure.DistributedLockAspectAutoConfiguration;
import io.github.lockspring.autoconfigure.DistributedLockAutoConfiguration;
import io.github.lockspring.autoconfigure.LockStoreAutoConfiguration;
import io.github.lockspring.autoconfigure.LockWebAutoConfiguration;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import org.apache.catalina.Context;
import org.apache.catalina.LifecycleException;
import org.apache.catalina.startup.Tomcat;
import org.springframework.boot.autoconfigure.ImportAutoConfiguration;
import org.springframework.context.annotation.Configuration;
import org.springframework.core.env.MapPropertySource;
import org.springframework.util.FileSystemUtils;
import org.springframework.web.context.support.AnnotationConfigWebApplicationContext;
import org.springframework.web.servlet.DispatcherServlet;

/** A server with one application of Spring MVC and two threads, the locks of which are in memory unless properties differ. */
final class WebServer implements AutoCloseable {

    private final Tomcat tomcat = new Tomcat();

    private final AnnotationConfigWebApplicationContext context = new AnnotationConfigWebApplicationContext();

    private final HttpClient client = HttpClient.newHttpClient();

    private final Path directory;

    @Configuration(proxyBeanMethods = false)
    @ImportAutoConfiguration({
        DistributedLockAspectAutoConfiguration.class,
        DistributedLockAutoConfiguration.class,
        LockStoreAutoConfiguration.class,
        LockWebAutoConfiguration.class
    })
    static class Locks {}

    private WebServer(Path directory) {
        this.directory = directory;
    }

    static WebServer start(Map<String, Object> properties, Class<?>... components) {
        try {
            WebServer server = new WebServer(Files.createTempDirectory("web-server"));
            server.context
                    .getEnvironment()
                    .getPropertySources()
                    .addFirst(new MapPropertySource("locks", Map.of("distributed-lock.store", "memory")));
            server.context.getEnvironment().getPropertySources().addFirst(new MapPropertySource("test", properties));
            server.context.register(Locks.class);
            server.context.register(components);
            server.start();
            return server;
        } catch (IOException | LifecycleException ex) {
            throw new IllegalStateException(ex);
        }
    }

    private void start() throws LifecycleException {
        this.tomcat.setBaseDir(this.directory.toString());
        this.tomcat.setPort(0);
        this.tomcat.setSilent(true);
        this.tomcat.getConnector().setProperty("address", "127.0.0.1");
        this.tomcat.getConnector().setProperty("maxThreads", "2");
        Context application = this.tomcat.addContext("", this.directory.toString());
        var servlet = Tomcat.addServlet(application, "spring", new DispatcherServlet(this.context));
        servlet.setLoadOnStartup(1);
        servlet.setAsyncSupported(true);
        application.addServletMappingDecoded("/", "spring");
        this.tomcat.start();
        assertThat(this.context.isActive()).as("the application has started").isTrue();
    }

    <T> T bean(Class<T> type) {
        return this.context.getBean(type);
    }

    AnnotationConfigWebApplicationContext context() {
        return this.context;
    }

    int port() {
        return this.tomcat.getConnector().getLocalPort();
    }

    CompletableFuture<HttpResponse<String>> get(String path) {
        URI uri = URI.create("http://127.0.0.1:" + port() + path);
        return this.client.sendAsync(HttpRequest.newBuilder(uri).build(), BodyHandlers.ofString());
    }

    @Override
    public void close() {
        try {
            this.tomcat.stop();
            this.tomcat.destroy();
            FileSystemUtils.deleteRecursively(this.directory);
        } catch (IOException | LifecycleException ex) {
            throw new IllegalStateException(ex);
        }
    }
}
