package io.github.lockspring;

import java.util.Arrays;
import java.util.List;
import java.util.stream.Stream;

/**
 * One row of the package table: a package and what it may import beside itself and {@link #COMMON}.
 *
 * @param name the package relative to the root package, {@code ""} for the root itself
 * @param packages the packages of this project it may import, relative to the root package
 * @param technologies the foreign packages it may import, with their sub-packages
 */
record PackageRule(String name, List<String> packages, List<String> technologies) {

    static final String ROOT = "io.github.lockspring";

    /** What every package may import: the JDK, JSpecify, slf4j and the utilities of spring-core. */
    private static final List<String> COMMON = List.of(
            "java", "org.jspecify.annotations", "org.slf4j", "org.springframework.core", "org.springframework.util");

    static PackageRule root() {
        return new PackageRule("", List.of(), List.of());
    }

    static PackageRule of(String name) {
        return new PackageRule(name, List.of(""), List.of());
    }

    /** Adds packages of this project; the root may be imported anyway. */
    PackageRule on(String... names) {
        return new PackageRule(this.name, concat(this.packages, names), this.technologies);
    }

    PackageRule using(String... foreignPackages) {
        return new PackageRule(this.name, this.packages, concat(this.technologies, foreignPackages));
    }

    /** The package as ArchUnit's package identifier: the root alone, any other with its sub-packages. */
    String identifier() {
        return identifier(this.name);
    }

    /** Everything the package may import, itself included. */
    String[] allowedIdentifiers() {
        return Stream.of(
                        Stream.of(identifier()),
                        this.packages.stream().map(PackageRule::identifier),
                        COMMON.stream().map(foreign -> foreign + ".."),
                        this.technologies.stream().map(foreign -> foreign + ".."))
                .flatMap(identifiers -> identifiers)
                .toArray(String[]::new);
    }

    @Override
    public String toString() {
        return this.name.isEmpty() ? "(root)" : "." + this.name;
    }

    private static String identifier(String name) {
        return name.isEmpty() ? ROOT : ROOT + "." + name + "..";
    }

    private static List<String> concat(List<String> list, String... more) {
        return Stream.concat(list.stream(), Arrays.stream(more)).toList();
    }
}
