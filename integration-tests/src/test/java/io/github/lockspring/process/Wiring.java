package io.github.lockspring.process;

import java.time.Duration;
import org.springframework.aop.support.AopUtils;
import org.springframework.util.Assert;

/** How a process under test came by its locks. */
enum Wiring {
    TEMPLATE_OVER_LETTUCE {
        @Override
        ExclusiveWork open(String host, int port, String prefix, Duration leaseTime) {
            return new TemplateWork(
                    LockClient.connect(Driver.LETTUCE, host, port, prefix).locks(), leaseTime);
        }
    },
    TEMPLATE_OVER_JEDIS {
        @Override
        ExclusiveWork open(String host, int port, String prefix, Duration leaseTime) {
            return new TemplateWork(
                    LockClient.connect(Driver.JEDIS, host, port, prefix).locks(), leaseTime);
        }
    },
    ANNOTATION_ON_CGLIB_PROXY {
        @Override
        ExclusiveWork open(String host, int port, String prefix, Duration leaseTime) {
            ExclusiveWork work = WorkApplication.run(
                            WorkApplication.Proxy.CGLIB, Driver.LETTUCE, host, port, prefix, leaseTime)
                    .getBean(ExclusiveWork.class);
            Assert.state(AopUtils.isCglibProxy(work), "Not a CGLIB proxy");
            return work;
        }
    },
    ANNOTATION_ON_JDK_PROXY {
        @Override
        ExclusiveWork open(String host, int port, String prefix, Duration leaseTime) {
            ExclusiveWork work = WorkApplication.run(
                            WorkApplication.Proxy.JDK, Driver.LETTUCE, host, port, prefix, leaseTime)
                    .getBean(ExclusiveWork.class);
            Assert.state(AopUtils.isJdkDynamicProxy(work), "Not a JDK proxy");
            return work;
        }
    };

    /** Opens it for the life of the process. */
    abstract ExclusiveWork open(String host, int port, String prefix, Duration leaseTime);
}
