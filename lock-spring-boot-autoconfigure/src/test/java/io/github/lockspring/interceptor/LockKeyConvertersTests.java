package io.github.lockspring.interceptor;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import io.github.lockspring.LockKeyException;
import java.util.Calendar;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.springframework.beans.factory.support.DefaultListableBeanFactory;
import org.springframework.core.convert.converter.Converter;
import org.springframework.core.convert.support.DefaultConversionService;

class LockKeyConvertersTests {

    private final DefaultListableBeanFactory beans = new DefaultListableBeanFactory();

    private final LockKeyConverters converters = new LockKeyConverters(this.beans);

    @Test
    void leavesWhatNothingMakesTextOf() {
        Object value = new Object();
        assertThat(this.converters.convert(value)).isSameAs(value);
        assertThat(this.converters.convert(null)).isNull();
    }

    @Test
    void doesNotTakeTheTextThatEveryServiceMakesForAConverter() {
        Named value = new Named("a");
        this.beans.setConversionService(new DefaultConversionService());
        assertThat(this.converters.convert(value)).isSameAs(value);
    }

    @Test
    void asksEveryServiceUntilOneHasAConverter() {
        DefaultConversionService service = new DefaultConversionService();
        service.addConverter(Named.class, String.class, value -> "the " + value);
        this.beans.setConversionService(new DefaultConversionService());
        this.beans.registerSingleton("web", service);
        assertThat(this.converters.convert(new Named("a"))).isEqualTo("the a");
    }

    @Test
    void asksAConverterOfASuperclassOrInterface() {
        this.beans.registerSingleton("converter", new NumberedConverter());
        assertThat(this.converters.convert(new Heir())).isEqualTo("no. 7");
        assertThat(this.converters.textOf(new Heir())).isEqualTo("no. 7");
    }

    @Test
    void asksNoConverterAboutContainers() {
        DefaultConversionService service = new DefaultConversionService();
        service.addConverter(List.class, String.class, list -> "a list");
        this.beans.setConversionService(service);
        assertThat(this.converters.convert(List.of("a"))).isEqualTo(List.of("a"));
    }

    @Test
    void refusesAConverterThatReturnsNull() {
        this.beans.registerSingleton("converter", new NumberedConverter());
        assertThatExceptionOfType(LockKeyException.class)
                .isThrownBy(() -> this.converters.textOf((Numbered) () -> -1))
                .withMessageContaining("does not override toString()");
    }

    /** As Spring Boot registers them: a date without time, in the language and time zone of the moment. */
    @Test
    void doesNotAskAServiceAboutTypesOfTheJdk() {
        DefaultConversionService service = new DefaultConversionService();
        service.addConverter(Calendar.class, String.class, calendar -> "01/02/2026");
        this.beans.registerSingleton("web", service);
        Calendar calendar = Calendar.getInstance();
        assertThat(this.converters.convert(calendar)).isSameAs(calendar);
    }

    @Test
    void asksAboutNumbersThatHaveNoTextOfTheirOwn() {
        Price price = new Price();
        assertThat(this.converters.convert(7)).isEqualTo(7);
        assertThat(this.converters.convert(price)).isSameAs(price);
        assertThatExceptionOfType(LockKeyException.class).isThrownBy(() -> this.converters.textOf(price));

        DefaultConversionService service = new DefaultConversionService();
        service.addConverter(Price.class, String.class, any -> "9.99");
        this.beans.setConversionService(service);

        assertThat(new LockKeyConverters(this.beans).convert(price)).isEqualTo("9.99");
    }

    @FunctionalInterface
    interface Numbered {

        int number();
    }

    static class Base implements Numbered {

        @Override
        public int number() {
            return 7;
        }
    }

    static class Heir extends Base {}

    static class Price extends Number {

        private static final long serialVersionUID = 1L;

        @Override
        public int intValue() {
            return 10;
        }

        @Override
        public long longValue() {
            return 10;
        }

        @Override
        public float floatValue() {
            return 9.99f;
        }

        @Override
        public double doubleValue() {
            return 9.99;
        }
    }

    static class NumberedConverter implements Converter<Numbered, String> {

        @Override
        public @Nullable String convert(Numbered source) {
            return source.number() < 0 ? null : "no. " + source.number();
        }
    }

    static class Named {

        private final String name;

        public Named(String name) {
            this.name = name;
        }

        @Override
        public String toString() {
            return this.name;
        }
    }
}
