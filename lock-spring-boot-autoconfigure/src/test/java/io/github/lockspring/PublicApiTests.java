package io.github.lockspring;

import static org.assertj.core.api.Assertions.assertThat;

import com.tngtech.archunit.core.domain.JavaClass;
import com.tngtech.archunit.core.domain.JavaClasses;
import com.tngtech.archunit.core.domain.JavaModifier;
import com.tngtech.archunit.core.importer.ImportOption;
import com.tngtech.archunit.junit.AnalyzeClasses;
import com.tngtech.archunit.junit.ArchTest;
import java.io.IOException;
import java.lang.reflect.Method;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.regex.Pattern;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import kotlin.Metadata;
import kotlin.jvm.JvmClassMappingKt;
import kotlin.reflect.KVisibility;

/** Everything that an application can compile against, as it was agreed on: a change of it is made on purpose. */
@AnalyzeClasses(packages = PackageRule.ROOT, importOptions = ImportOption.DoNotIncludeTests.class)
class PublicApiTests {

    private static final Path LISTING = Path.of("src/test/resources/public-api.txt");

    private static final String WRITE = "public-api.write";

    private static final Pattern GETTER = Pattern.compile("get[A-Z]\\w*");

    @ArchTest
    static void theListingIsUpToDate(JavaClasses classes) throws IOException {
        List<String> found = types(classes).flatMap(ApiListing::linesOf).toList();
        if (Boolean.getBoolean(WRITE)) {
            Files.write(LISTING, found);
        }
        assertThat(found)
                .as(
                        "The public API is not what %s says. If the change is meant, write the listing with 'mvn test -pl"
                                + " lock-spring-boot-autoconfigure -am -Dtest=PublicApiTests"
                                + " -Dsurefire.failIfNoSpecifiedTests=false -D%s=true', and tell of it in CHANGELOG.md",
                        LISTING, WRITE)
                .containsExactlyElementsOf(Files.readAllLines(LISTING));
    }

    /** Exceptions have getters, as {@link Throwable} has; everything else says {@code name()}. */
    @ArchTest
    static void accessorsHaveNamesOfOneStyle(JavaClasses classes) {
        assertThat(types(classes)
                        .filter(type -> !Throwable.class.isAssignableFrom(type))
                        .flatMap(ApiListing::methodsOf)
                        .filter(method -> GETTER.matcher(method.getName()).matches())
                        .filter(method -> !isInherited(method)))
                .as("accessors named getX() outside of exceptions")
                .isEmpty();
        assertThat(types(classes)
                        .filter(Throwable.class::isAssignableFrom)
                        .flatMap(ApiListing::methodsOf)
                        .filter(method -> method.getParameterCount() == 0)
                        .filter(method -> !GETTER.matcher(method.getName()).matches()))
                .as("accessors of exceptions that are not named getX()")
                .isEmpty();
    }

    /** The name is that of an interface of somebody else's. */
    private static boolean isInherited(Method method) {
        return supertypes(method.getDeclaringClass())
                .filter(type -> !type.getName().startsWith(PackageRule.ROOT))
                .flatMap(type -> Arrays.stream(type.getMethods()))
                .anyMatch(inherited -> overrides(method, inherited));
    }

    private static Stream<Class<?>> supertypes(Class<?> type) {
        return Stream.concat(Arrays.stream(type.getInterfaces()), Stream.ofNullable(type.getSuperclass()))
                .flatMap(supertype -> Stream.concat(Stream.of(supertype), supertypes(supertype)));
    }

    /** Also with a type in place of a type variable. */
    private static boolean overrides(Method method, Method inherited) {
        Class<?>[] parameters = method.getParameterTypes();
        return inherited.getName().equals(method.getName())
                && inherited.getParameterCount() == parameters.length
                && IntStream.range(0, parameters.length)
                        .allMatch(i -> inherited.getParameterTypes()[i].isAssignableFrom(parameters[i]));
    }

    private static Stream<Class<?>> types(JavaClasses classes) {
        return classes.stream()
                .filter(PublicApiTests::isVisible)
                .sorted((one, other) -> one.getName().compareTo(other.getName()))
                .map(JavaClass::reflect);
    }

    private static boolean isVisible(JavaClass type) {
        return !type.getSimpleName().equals("package-info")
                && (type.getModifiers().contains(JavaModifier.PUBLIC)
                        || type.getModifiers().contains(JavaModifier.PROTECTED))
                && !isInternal(type)
                && type.getEnclosingClass().map(PublicApiTests::isVisible).orElse(true);
    }

    /** Kotlin's compiler makes classes public that only their module may use. A file of functions is no class to it. */
    private static boolean isInternal(JavaClass type) {
        return type.isAnnotatedWith(Metadata.class)
                && !type.getSimpleName().equals("LockExtensions")
                && JvmClassMappingKt.getKotlinClass(type.reflect()).getVisibility() != KVisibility.PUBLIC;
    }
}
