package io.github.lockspring.autoconfigure;

import java.lang.reflect.Method;
import java.math.BigDecimal;
import java.math.BigInteger;
import java.net.URI;
import java.nio.charset.Charset;
import java.time.DayOfWeek;
import java.time.Duration;
import java.time.Instant;
import java.time.LocalDate;
import java.time.LocalDateTime;
import java.time.LocalTime;
import java.time.Month;
import java.time.MonthDay;
import java.time.OffsetDateTime;
import java.time.OffsetTime;
import java.time.Period;
import java.time.Year;
import java.time.YearMonth;
import java.time.ZoneOffset;
import java.time.ZonedDateTime;
import java.util.Currency;
import java.util.Date;
import java.util.List;
import java.util.Locale;
import java.util.UUID;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;
import org.jspecify.annotations.Nullable;
import org.springframework.aot.hint.ExecutableMode;
import org.springframework.aot.hint.RuntimeHints;
import org.springframework.aot.hint.RuntimeHintsRegistrar;
import org.springframework.util.ReflectionUtils;

/**
 * Lets a native image see that the usual types of keys have a text and an equality of their own: those of the JDK, which
 * no declared type may show. Without this, keys of them would be refused there.
 */
final class LockKeyTypeHints implements RuntimeHintsRegistrar {

    static final List<Class<?>> TYPES = List.of(
            AtomicBoolean.class,
            AtomicInteger.class,
            AtomicLong.class,
            BigDecimal.class,
            BigInteger.class,
            Boolean.class,
            Byte.class,
            Character.class,
            Charset.class,
            Class.class,
            Currency.class,
            Date.class,
            DayOfWeek.class,
            Double.class,
            Duration.class,
            Float.class,
            Instant.class,
            Integer.class,
            LocalDate.class,
            LocalDateTime.class,
            Locale.class,
            LocalTime.class,
            Long.class,
            Month.class,
            MonthDay.class,
            OffsetDateTime.class,
            OffsetTime.class,
            Period.class,
            Short.class,
            String.class,
            StringBuilder.class,
            URI.class,
            UUID.class,
            Year.class,
            YearMonth.class,
            ZonedDateTime.class,
            ZoneOffset.class);

    @Override
    public void registerHints(RuntimeHints hints, @Nullable ClassLoader classLoader) {
        TYPES.forEach(type -> {
            register(ReflectionUtils.findMethod(type, "toString"), hints);
            register(ReflectionUtils.findMethod(type, "equals", Object.class), hints);
        });
    }

    private static void register(@Nullable Method method, RuntimeHints hints) {
        if (method != null) {
            hints.reflection().registerMethod(method, ExecutableMode.INTROSPECT);
        }
    }
}
