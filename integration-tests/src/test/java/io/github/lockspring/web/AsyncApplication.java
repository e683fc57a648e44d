package io.github.lockspring.web;

import io.github.lockspring.LeaseLostException;
import io.github.lockspring.interceptor.InvalidLockAnnotationException;
import jakarta.servlet.DispatcherType;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletResponse;
import org.slf4j.MDC;
import org.springframework.beans.factory.annotation.Qualifier;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import org.springframework.core.env.Environment;
import org.springframework.http.HttpStatus;
import org.springframework.scheduling.concurrent.ThreadPoolTaskExecutor;
import org.springframework.web.bind.annotation.ExceptionHandler;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.ResponseStatus;
import org.springframework.web.bind.annotation.RestController;
import org.springframework.web.bind.annotation.RestControllerAdvice;
import org.springframework.web.servlet.AsyncHandlerInterceptor;
import org.springframework.web.servlet.config.annotation.AsyncSupportConfigurer;
import org.springframework.web.servlet.config.annotation.EnableWebMvc;
import org.springframework.web.servlet.config.annotation.InterceptorRegistry;
import org.springframework.web.servlet.config.annotation.WebMvcConfigurer;

/** An application of Spring MVC with threads for callables and threads for locked methods. */
@Configuration(proxyBeanMethods = false)
@EnableWebMvc
class AsyncApplication implements WebMvcConfigurer {

    private final Environment environment;

    private final ThreadPoolTaskExecutor mvcThreads;

    AsyncApplication(Environment environment, @Qualifier("mvcThreads") ThreadPoolTaskExecutor mvcThreads) {
        this.environment = environment;
        this.mvcThreads = mvcThreads;
    }

    @Override
    public void configureAsyncSupport(AsyncSupportConfigurer configurer) {
        configurer.setTaskExecutor(this.mvcThreads);
        configurer.setDefaultTimeout(this.environment.getProperty("test.timeout", Long.class, 60_000L));
    }

    @Override
    public void addInterceptors(InterceptorRegistry registry) {
        registry.addInterceptor(new AsyncHandlerInterceptor() {
            @Override
            public boolean preHandle(HttpServletRequest request, HttpServletResponse response, Object handler) {
                if (request.getDispatcherType() == DispatcherType.REQUEST) {
                    MDC.put(Work.CALLER, request.getRequestURI());
                }
                return true;
            }

            @Override
            public void afterConcurrentHandlingStarted(
                    HttpServletRequest request, HttpServletResponse response, Object handler) {
                MDC.remove(Work.CALLER);
                String path = request.getRequestURI();
                Work work = Work.of(path.substring(path.lastIndexOf('/') + 1));
                work.request = request;
                work.waits.countDown();
            }
        });
    }

    @Configuration(proxyBeanMethods = false)
    static class Threads {

        @Bean
        static ThreadPoolTaskExecutor mvcThreads() {
            return threads(4);
        }

        @Bean
        static ThreadPoolTaskExecutor methodThreads() {
            return threads(1);
        }

        /** As applications have one, whose value is that of the thread that gives a task to the executor. */
        private static Runnable withCaller(Runnable task) {
            String caller = MDC.get(Work.CALLER);
            return () -> {
                MDC.put(Work.CALLER, caller);
                try {
                    task.run();
                } finally {
                    MDC.remove(Work.CALLER);
                }
            };
        }

        private static ThreadPoolTaskExecutor threads(int size) {
            ThreadPoolTaskExecutor threads = new ThreadPoolTaskExecutor();
            threads.setTaskDecorator(Threads::withCaller);
            threads.setCorePoolSize(size);
            return threads;
        }
    }

    @RestController
    static class Free {

        @GetMapping("/free")
        String free() {
            return "free";
        }
    }

    @RestControllerAdvice
    static class Failures {

        @ExceptionHandler(IllegalStateException.class)
        @ResponseStatus(HttpStatus.I_AM_A_TEAPOT)
        String ofApplication(IllegalStateException failure) {
            return String.valueOf(failure.getMessage());
        }

        @ExceptionHandler(LeaseLostException.class)
        @ResponseStatus(HttpStatus.CONFLICT)
        String lost() {
            return "lost";
        }

        @ExceptionHandler(InvalidLockAnnotationException.class)
        @ResponseStatus(HttpStatus.NOT_IMPLEMENTED)
        String invalid() {
            return "invalid";
        }
    }
}
