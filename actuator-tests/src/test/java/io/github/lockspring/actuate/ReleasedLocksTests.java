package io.github.lockspring.actuate;

import java.util.List;

/** One application, in whose memory its threads contend. */
class ReleasedLocksTests extends ReleasedLocksContract {

    @Override
    List<ActuatorApplication> start() {
        return List.of(ActuatorApplication.start());
    }
}
