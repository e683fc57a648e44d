package io.github.lockspring.process;

/** How a process under test came by its locks. */
enum Wiring {
    TEMPLATE_OVER_LETTUCE {
        @Override
        ExclusiveWork open(String host, int port, String prefix) {
            return new TemplateWork(
                    LockClient.connect(Driver.LETTUCE, host, port, prefix).locks());
        }
    },
    TEMPLATE_OVER_JEDIS {
        @Override
        ExclusiveWork open(String host, int port, String prefix) {
            return new TemplateWork(
                    LockClient.connect(Driver.JEDIS, host, port, prefix).locks());
        }
    };

    /** Opens it for the life of the process. */
    abstract ExclusiveWork open(String host, int port, String prefix);
}
