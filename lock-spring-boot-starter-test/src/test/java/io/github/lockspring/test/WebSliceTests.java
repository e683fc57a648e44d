package io.github.lockspring.test;

import static org.assertj.core.api.Assertions.assertThat;
import static org.springframework.test.web.servlet.request.MockMvcRequestBuilders.get;
import static org.springframework.test.web.servlet.result.MockMvcResultMatchers.content;
import static org.springframework.test.web.servlet.result.MockMvcResultMatchers.status;

import io.github.lockspring.test.orders.OrderApplication;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.Test;
import org.springframework.beans.factory.annotation.Autowired;
import org.springframework.test.context.ContextConfiguration;
import org.springframework.test.web.servlet.MockMvc;

/** A slice of the web, whose controllers are annotated. */
class WebSliceTests {

    @Nested
    @WebSlice
    @ContextConfiguration(classes = OrderApplication.class)
    @AutoConfigureTestLocks
    class WithLocks {

        @Autowired
        private MockMvc mvc;

        @Autowired
        private TestLocks locks;

        @Test
        void locks() throws Exception {
            this.mvc.perform(get("/orders/42")).andExpect(content().string("order 42"));
            assertThat(this.locks).wasReleased("order", 42);
        }

        @Test
        void answersThatTheLockIsHeld() throws Exception {
            this.locks.holdElsewhere("order", 42);
            this.mvc.perform(get("/orders/42")).andExpect(status().isLocked());
        }
    }

    @Nested
    @WebSlice
    @ContextConfiguration(classes = OrderApplication.class)
    class WithoutLocks {

        @Test
        void runsUnlocked(@Autowired MockMvc mvc) throws Exception {
            mvc.perform(get("/orders/42")).andExpect(content().string("order 42"));
        }
    }
}
