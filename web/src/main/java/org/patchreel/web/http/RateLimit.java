package org.patchreel.web.http;

import java.util.LinkedHashMap;
import java.util.Map;
import java.util.function.LongSupplier;

/**
 * A bucket of tokens for each client: a minute's allowance at most, refilled evenly. Clients that were seen longest ago
 * are forgotten when there are too many. Safe for use from any thread.
 */
public final class RateLimit {
    private static final int MAX_CLIENTS = 10_000;
    private static final double NANOS_A_MINUTE = 60e9;

    private final double perMinute;
    private final LongSupplier nanoTime;
    private final Map<String, Bucket> buckets = new LinkedHashMap<>(16, 0.75f, true) {
        @Override
        protected boolean removeEldestEntry(Map.Entry<String, Bucket> eldest) {
            return size() > MAX_CLIENTS;
        }
    };

    private static final class Bucket {
        private double tokens;
        private long filled;
    }

    /**
     * Creates full buckets.
     *
     * @param perMinute tokens of a client
     * @param nanoTime a clock in nanoseconds
     */
    public RateLimit(double perMinute, LongSupplier nanoTime) {
        this.perMinute = perMinute;
        this.nanoTime = nanoTime;
    }

    /**
     * Takes tokens out of a client's bucket.
     *
     * @param cost tokens; more than a full bucket holds counts as all of it
     * @return 0, or in how many seconds there will be enough
     */
    synchronized long take(String client, double cost) {
        long now = nanoTime.getAsLong();
        Bucket bucket = buckets.computeIfAbsent(client, name -> {
            Bucket full = new Bucket();
            full.tokens = perMinute;
            full.filled = now;
            return full;
        });
        bucket.tokens = Math.min(perMinute, bucket.tokens + (now - bucket.filled) / NANOS_A_MINUTE * perMinute);
        bucket.filled = now;
        double needed = Math.min(cost, perMinute);
        if (bucket.tokens >= needed) {
            bucket.tokens -= needed;
            return 0;
        }
        return (long) Math.ceil((needed - bucket.tokens) / perMinute * 60);
    }
}
