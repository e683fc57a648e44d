package io.github.lockspring;

import com.tngtech.archunit.core.domain.JavaClass;
import com.tngtech.archunit.library.dependencies.SliceAssignment;
import com.tngtech.archunit.library.dependencies.SliceIdentifier;

/** Puts every class into the slice of its row in the package table; the root package is a slice of its own. */
final class PackageSlices implements SliceAssignment {

    @Override
    public SliceIdentifier getIdentifierOf(JavaClass javaClass) {
        return isOurs(javaClass) ? SliceIdentifier.of("." + rowOf(javaClass)) : SliceIdentifier.ignore();
    }

    @Override
    public String getDescription() {
        return "packages of the lock";
    }

    /** Returns the first segment below the root package, {@code ""} for the root package itself. */
    static String rowOf(JavaClass javaClass) {
        String packageName = javaClass.getPackageName();
        if (packageName.equals(PackageRule.ROOT)) {
            return "";
        }
        return packageName.substring(PackageRule.ROOT.length() + 1).split("\\.", 2)[0];
    }

    private static boolean isOurs(JavaClass javaClass) {
        return (javaClass.getPackageName() + ".").startsWith(PackageRule.ROOT + ".");
    }
}
