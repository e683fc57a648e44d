package io.github.lockspring.autoconfigure;

import io.github.lockspring.ProxyKind;
import java.util.List;
import java.util.function.Consumer;
import org.springframework.context.ApplicationContext;

/** A running application with annotated beans. */
record Application(ProxyKind kind, ApplicationContext context) {

    Work work(String bean) {
        return this.kind.bean(this.context, Work.class, bean);
    }

    Consumer<Runnable> call(String bean, String key) {
        return body -> work(bean).run(key, body);
    }

    /** Runs a body inside calls with all these keys. */
    void nested(String bean, List<String> keys, Runnable body) {
        if (keys.isEmpty()) {
            body.run();
        } else {
            work(bean).run(keys.get(0), () -> nested(bean, keys.subList(1, keys.size()), body));
        }
    }
}
