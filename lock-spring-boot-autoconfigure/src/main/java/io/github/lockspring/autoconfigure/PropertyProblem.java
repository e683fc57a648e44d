package io.github.lockspring.autoconfigure;

/**
 * A property whose value cannot work.
 *
 * @param property full name of the property
 * @param value what it is set to
 * @param reason why that cannot work
 * @param remedy what to set instead
 */
record PropertyProblem(String property, String value, String reason, String remedy) {

    @Override
    public String toString() {
        return this.property + "=" + this.value + ": " + this.reason + "; " + this.remedy;
    }
}
