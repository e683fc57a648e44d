package io.github.lockspring.actuate;

import io.github.lockspring.testredis.TestRedis;
import java.util.List;

/** Two applications that hand locks over to each other in Redis. */
class ReleasedLocksIntegrationTests extends ReleasedLocksContract {

    private final String prefix = TestRedis.newPrefix();

    @Override
    List<ActuatorApplication> start() {
        return List.of(startOne(), startOne());
    }

    private ActuatorApplication startOne() {
        TestRedis redis = TestRedis.shared();
        return ActuatorApplication.startOn(redis.host(), redis.port(), "distributed-lock.key-prefix=" + this.prefix);
    }
}
