package io.github.lockspring;

import static com.tngtech.archunit.base.DescribedPredicate.lessThanOrEqualTo;
import static com.tngtech.archunit.core.domain.JavaClass.Predicates.resideInAnyPackage;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.classes;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noClasses;
import static com.tngtech.archunit.library.GeneralCodingRules.NO_CLASSES_SHOULD_ACCESS_STANDARD_STREAMS;
import static com.tngtech.archunit.library.GeneralCodingRules.NO_CLASSES_SHOULD_USE_JAVA_UTIL_LOGGING;
import static com.tngtech.archunit.library.dependencies.SlicesRuleDefinition.slices;
import static org.assertj.core.api.Assertions.assertThat;

import com.tngtech.archunit.core.domain.JavaClass;
import com.tngtech.archunit.core.domain.JavaClasses;
import com.tngtech.archunit.core.domain.JavaPackage;
import com.tngtech.archunit.core.importer.ImportOption;
import com.tngtech.archunit.junit.AnalyzeClasses;
import com.tngtech.archunit.junit.ArchTest;
import com.tngtech.archunit.lang.ArchRule;
import com.tngtech.archunit.lang.CompositeArchRule;
import java.time.Instant;
import java.util.List;
import java.util.stream.Collectors;
import org.jspecify.annotations.NullMarked;

/**
 * Holds the package table: who may import what, one technology per package, dependencies in one direction. A package
 * that does not exist yet breaks nothing; one that has no row does.
 */
@AnalyzeClasses(packages = PackageRule.ROOT, importOptions = ImportOption.DoNotIncludeTests.class)
class ArchitectureTests {

    private static final String[] ENGINE_AND_STORES = {
        PackageRule.ROOT + ".engine..", PackageRule.ROOT + ".redis..", PackageRule.ROOT + ".memory.."
    };

    private static final String AUTO_CONFIGURATION = "autoconfigure";

    /** The table, but for the auto-configuration, which may import everything. */
    private static final List<PackageRule> TABLE = List.of(
            PackageRule.root(),
            PackageRule.of("store"),
            PackageRule.of("engine").on("store"),
            PackageRule.of("redis")
                    .on("store")
                    .using(
                            "org.springframework.data.redis",
                            "org.springframework.dao",
                            "org.apache.commons.pool2",
                            "io.lettuce.core",
                            "io.netty.util"),
            PackageRule.of("memory").on("store"),
            PackageRule.of("annotation").using("org.springframework.aot.hint.annotation"),
            PackageRule.of("interceptor")
                    .on("annotation")
                    .using(
                            "org.aopalliance",
                            "org.springframework.aop",
                            "org.springframework.aot",
                            "org.springframework.beans",
                            "org.springframework.context",
                            "org.springframework.expression",
                            "org.springframework.format",
                            "org.springframework.scheduling.annotation",
                            "org.springframework.validation.beanvalidation"),
            PackageRule.of("aspectj").on("annotation", "interceptor").using("org.aspectj.lang"),
            PackageRule.of("reactive")
                    .on("interceptor")
                    .using("reactor", "org.reactivestreams", "org.springframework.core", "io.micrometer.context"),
            PackageRule.of("kotlin")
                    .on("interceptor", "reactive")
                    .using("kotlin", "kotlinx.coroutines", "org.jetbrains.annotations", "reactor"),
            PackageRule.of("web")
                    .on("interceptor")
                    .using("org.springframework.beans.factory", "org.springframework.http", "org.springframework.web"),
            PackageRule.of("transaction").on("reactive").using("org.springframework.transaction", "reactor"),
            PackageRule.of("integration").using("org.springframework.integration"),
            PackageRule.of("observation").using("io.micrometer"),
            PackageRule.of("actuate")
                    .using(
                            "org.springframework.boot.actuate",
                            "org.springframework.boot.health.contributor",
                            "org.springframework.lang"));

    @ArchTest
    static final ArchRule everyPackageImportsOnlyWhatItsRowAllows =
            CompositeArchRule.of(TABLE.stream().map(ArchitectureTests::holds).toList());

    @ArchTest
    static void everyPackageHasARow(JavaClasses classes) {
        assertThat(classes.stream().map(PackageSlices::rowOf).distinct())
                .as("packages without a row in the package table")
                .allMatch(name -> name.equals(AUTO_CONFIGURATION)
                        || TABLE.stream().anyMatch(row -> row.name().equals(name)));
    }

    @ArchTest
    static void everyPackageIsNullMarked(JavaClasses classes) {
        assertThat(classes.stream()
                        .map(JavaClass::getPackage)
                        .distinct()
                        .filter(javaPackage -> !javaPackage.isAnnotatedWith(NullMarked.class))
                        .map(JavaPackage::getName)
                        .collect(Collectors.toSet()))
                .as("packages whose package-info.java lacks @NullMarked")
                .isEmpty();
    }

    @ArchTest
    static final ArchRule packagesHaveNoCycles =
            slices().assignedFrom(new PackageSlices()).should().beFreeOfCycles().allowEmptyShould(true);

    @ArchTest
    static final ArchRule onlyTheRedisStoreKnowsLettuce = noClasses()
            .that()
            .resideOutsideOfPackage(PackageRule.ROOT + ".redis..")
            .should()
            .dependOnClassesThat()
            .resideInAnyPackage("io.lettuce..")
            .because("an application may use Jedis");

    @ArchTest
    static final ArchRule nobodyDependsOnTheAutoConfiguration = noClasses()
            .that()
            .resideOutsideOfPackage(PackageRule.ROOT + "." + AUTO_CONFIGURATION + "..")
            .should()
            .dependOnClassesThat()
            .resideInAPackage(PackageRule.ROOT + "." + AUTO_CONFIGURATION + "..");

    @ArchTest
    static final ArchRule nothingRefersToWhatMovedBetweenBootLines = noClasses()
            .should()
            .dependOnClassesThat()
            .resideInAnyPackage(
                    "org.springframework.boot.autoconfigure.data.redis..",
                    "org.springframework.boot.data.redis..",
                    "com.fasterxml.jackson..",
                    "tools.jackson..")
            .because("one jar serves Boot 3.5 and 4, where these have different names");

    @ArchTest
    static final ArchRule engineAndStoresUseNoMonitors = classes()
            .that()
            .resideInAnyPackage(ENGINE_AND_STORES)
            .should(new NoMonitors())
            .allowEmptyShould(true)
            .because("a virtual thread must not pin its carrier");

    @ArchTest
    static final ArchRule nobodySleeps = noClasses()
            .should()
            .callMethod(Thread.class, "sleep", long.class)
            .orShould()
            .callMethod(Thread.class, "sleep", long.class, int.class)
            .because("waiting is for a deadline and a signal, and time comes from an injected clock");

    @ArchTest
    static final ArchRule noDeadlineComesFromTheWallClock = noClasses()
            .that()
            .resideInAnyPackage(ENGINE_AND_STORES)
            .should()
            .callMethod(System.class, "currentTimeMillis")
            .orShould()
            .callMethod(Instant.class, "now")
            .allowEmptyShould(true)
            .because("the wall clock jumps");

    @ArchTest
    static final ArchRule engineHasOneEntryType = classes()
            .that()
            .resideInAPackage(PackageRule.ROOT + ".engine..")
            .and()
            .arePublic()
            .and()
            .areTopLevelClasses()
            .and()
            .areNotRecords()
            .and()
            .areNotEnums()
            .should()
            .containNumberOfElements(lessThanOrEqualTo(1))
            .allowEmptyShould(true)
            .because("beside the entry type only its settings, records and enums, are seen from outside");

    @ArchTest
    static final ArchRule nobodyWritesToTheConsole = NO_CLASSES_SHOULD_ACCESS_STANDARD_STREAMS;

    @ArchTest
    static final ArchRule everybodyLogsWithSlf4j = NO_CLASSES_SHOULD_USE_JAVA_UTIL_LOGGING;

    private static ArchRule holds(PackageRule row) {
        return classes()
                .that()
                .resideInAPackage(row.identifier())
                .should()
                .onlyDependOnClassesThat(resideInAnyPackage(row.allowedIdentifiers())
                        .as("are in the row of %s: %s", row, String.join(", ", row.allowedIdentifiers())))
                .allowEmptyShould(true);
    }
}
