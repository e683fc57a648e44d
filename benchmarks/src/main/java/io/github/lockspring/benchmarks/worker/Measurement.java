package io.github.lockspring.benchmarks.worker;

import java.nio.ByteBuffer;
import java.util.Arrays;
import java.util.Base64;
import java.util.List;
import java.util.stream.Collectors;
import java.util.stream.LongStream;
import java.util.zip.DataFormatException;
import org.HdrHistogram.Histogram;

/**
 * What one worker saw, as one line of text.
 *
 * @param perThread how often each thread got through within the window
 * @param total how often it happened at all, also before and after the window
 * @param waits times from asking for a lock to holding it, in nanoseconds; of an outage, only that from its end to the
 *     first lock
 * @param cpuNanos processor time of the process from start to end
 * @param wallNanos time from start to end
 * @param clientThreads threads of the process that are neither callers nor the worker's own; for held locks, those that
 *     came with the second lock and after
 * @param violations broken rules of mutual exclusion
 * @param errors calls that failed, and locks that were lost
 * @param heapGrowthBytes by how much the heap in use grew during an outage
 */
public record Measurement(
        List<Long> perThread,
        long total,
        Histogram waits,
        long cpuNanos,
        long wallNanos,
        int clientThreads,
        long violations,
        long errors,
        long heapGrowthBytes) {

    /** Longest time that a histogram tells apart. */
    static final long LONGEST_NANOS = 200_000_000_000L;

    /**
     * Makes an empty histogram of times.
     *
     * @return a histogram, to three digits
     */
    public static Histogram times() {
        return new Histogram(LONGEST_NANOS, 3);
    }

    /**
     * Reads a measurement.
     *
     * @param line what {@link #toLine} wrote
     * @return the measurement
     */
    public static Measurement parse(String line) {
        String[] parts = line.split(" ", -1);
        List<Long> perThread =
                Arrays.stream(parts[0].split(",")).map(Long::valueOf).toList();
        ByteBuffer histogram = ByteBuffer.wrap(Base64.getDecoder().decode(parts[2]));
        try {
            return new Measurement(
                    perThread,
                    Long.parseLong(parts[1]),
                    Histogram.decodeFromCompressedByteBuffer(histogram, LONGEST_NANOS),
                    Long.parseLong(parts[3]),
                    Long.parseLong(parts[4]),
                    Integer.parseInt(parts[5]),
                    Long.parseLong(parts[6]),
                    Long.parseLong(parts[7]),
                    Long.parseLong(parts[8]));
        } catch (DataFormatException ex) {
            throw new IllegalArgumentException("Not a histogram: " + parts[2], ex);
        }
    }

    /**
     * Writes this measurement.
     *
     * @return one line
     */
    public String toLine() {
        ByteBuffer histogram = ByteBuffer.allocate(this.waits.getNeededByteBufferCapacity());
        int length = this.waits.encodeIntoCompressedByteBuffer(histogram);
        String encoded = Base64.getEncoder().encodeToString(Arrays.copyOf(histogram.array(), length));
        String threads = this.perThread.stream().map(String::valueOf).collect(Collectors.joining(","));
        String figures = LongStream.of(
                        this.cpuNanos,
                        this.wallNanos,
                        this.clientThreads,
                        this.violations,
                        this.errors,
                        this.heapGrowthBytes)
                .mapToObj(Long::toString)
                .collect(Collectors.joining(" "));
        return threads + ' ' + this.total + ' ' + encoded + ' ' + figures;
    }
}
