package org.patchreel.impl.generator;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;

import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.Test;

class DeviceMeterTest {

    private static final Duration LEAST = Duration.ofSeconds(5);

    private final AtomicLong clock = new AtomicLong(Long.MAX_VALUE - 1_000_000_000L);
    private final DeviceMeter meter = new DeviceMeter(clock::get);

    private void pass(double seconds) {
        clock.addAndGet((long) (seconds * 1e9));
    }

    @Test
    void countsAllTimeOfThisMachineInLaps() {
        meter.start(Optional.empty());
        pass(4);
        assertEquals(Optional.empty(), meter.lap(LEAST.toNanos()));
        pass(2.5);
        assertEquals(Optional.of(Duration.ofMillis(6500)), meter.lap(LEAST.toNanos()));
        pass(1);
        assertEquals(Duration.ofSeconds(1), meter.stop(Duration.ofMillis(3)), "this machine has measured itself");
        pass(1);
        assertEquals(Duration.ZERO, meter.stop());
        assertFalse(meter.isRunning());
    }

    @Test
    void countsWhatAnotherMachineHasMeasuredAndNotTheTimeInTheQueueAndOnTheNetwork() {
        meter.startElsewhere(Optional.empty());
        pass(100);
        assertEquals(Optional.empty(), meter.lap(LEAST.toNanos()), "the order has waited");
        pass(8);
        assertEquals(Optional.of(Duration.ofSeconds(8)), meter.lap(LEAST.toNanos()));
        pass(60);
        assertEquals(Duration.ofMillis(2500), meter.stop(Duration.ofMillis(10_500)));
    }

    @Test
    void doesNotBelieveAnotherMachineMoreThanTheTimeThatHasPassedHere() {
        meter.startElsewhere(Optional.empty());
        pass(1);
        meter.lap(LEAST.toNanos());
        pass(6);
        assertEquals(Optional.of(Duration.ofSeconds(6)), meter.lap(LEAST.toNanos()));
        pass(1);
        assertEquals(Duration.ofSeconds(2), meter.stop(Duration.ofDays(100)), "8 seconds have passed");
    }

    @Test
    void doesNotReturnWhatItHasCountedAlready() {
        meter.startElsewhere(Optional.empty());
        meter.lap(0);
        pass(10);
        assertEquals(Optional.of(Duration.ofSeconds(10)), meter.lap(0));
        assertEquals(Duration.ZERO, meter.stop(Duration.ofSeconds(4)), "another worker has begun it before");
    }

    @Test
    void countsNothingOfAnOrderThatNoMachineHasBegun() {
        meter.startElsewhere(Optional.empty());
        pass(100);
        assertEquals(Duration.ZERO, meter.stop());
    }

    @Test
    void countsATryThatFailedElsewhereFromItsFirstProgressOn() {
        meter.startElsewhere(Optional.empty());
        pass(100);
        meter.lap(LEAST.toNanos());
        pass(3);
        assertEquals(Duration.ofSeconds(3), meter.stop());
    }
}
