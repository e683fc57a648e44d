package io.github.lockspring.samples.flashsale.page;

import io.github.lockspring.samples.flashsale.load.LockReport;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;

/**
 * What the processes say of one lock.
 *
 * @param name its full name
 * @param acquired how often a caller got it
 * @param handOvers how often a process handed it over to another one
 * @param handOffs how often a caller passed it on to another one of the same process
 * @param holder who got it last, {@code null} before the first one
 * @param processes what each of them says, in the order of their numbers
 */
public record LockFigures(
        String name,
        long acquired,
        long handOvers,
        long handOffs,
        @Nullable Holder holder,
        List<Share> processes) {

    /**
     * The caller that got the lock last.
     *
     * @param process number of its process
     * @param thread its thread
     * @param token its fencing token; as text, since numbers of JavaScript have 53 bits
     * @param held whether it had it still when its process reported
     */
    public record Holder(int process, String thread, String token, boolean held) {}

    /**
     * Of one process.
     *
     * @param acquired how often a caller of the process got the lock
     * @param handOffs how often it was passed on within the process
     * @param handOvers how often the process handed it over to another one
     * @param waiting callers that wait for it
     */
    public record Share(long acquired, long handOffs, long handOvers, int waiting) {

        static final Share NONE = new Share(0, 0, 0, 0);

        static Share of(LockReport report) {
            return new Share(report.acquired(), report.handedOff(), report.handedOver(), report.waiting());
        }
    }

    /**
     * Adds up what processes report.
     *
     * @param name full name of the lock
     * @param size how many processes there are
     * @param reports by the number of the process, which begins with 1
     */
    public static LockFigures of(String name, int size, Map<Integer, LockReport> reports) {
        List<Share> shares = IntStream.rangeClosed(1, size)
                .mapToObj(number -> reports.containsKey(number) ? Share.of(reports.get(number)) : Share.NONE)
                .toList();
        return new LockFigures(
                name,
                shares.stream().mapToLong(Share::acquired).sum(),
                shares.stream().mapToLong(Share::handOvers).sum(),
                shares.stream().mapToLong(Share::handOffs).sum(),
                latestHolder(reports),
                shares);
    }

    /** Processes do not report at the same moment. Fencing tokens tell which of them had the lock last. */
    private static @Nullable Holder latestHolder(Map<Integer, LockReport> reports) {
        return reports.entrySet().stream()
                .filter(each -> each.getValue().token() > 0)
                .max(Comparator.comparing(each -> each.getValue().token()))
                .map(each -> holder(each.getKey(), each.getValue()))
                .orElse(null);
    }

    private static Holder holder(int process, LockReport report) {
        return new Holder(process, report.holder(), Long.toString(report.token()), report.held());
    }
}
