package io.github.lockspring;

import java.lang.reflect.AnnotatedArrayType;
import java.lang.reflect.AnnotatedParameterizedType;
import java.lang.reflect.AnnotatedType;
import java.lang.reflect.AnnotatedWildcardType;
import java.lang.reflect.Executable;
import java.lang.reflect.Field;
import java.lang.reflect.Member;
import java.lang.reflect.Method;
import java.lang.reflect.Modifier;
import java.lang.reflect.Parameter;
import java.lang.reflect.ParameterizedType;
import java.lang.reflect.Type;
import java.lang.reflect.TypeVariable;
import java.util.Arrays;
import java.util.Comparator;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/** One public type as text: a line for itself, and one for each member that is seen from outside. */
final class ApiListing {

    private ApiListing() {}

    static Stream<String> linesOf(Class<?> type) {
        Stream<String> fields = Arrays.stream(type.getDeclaredFields())
                .filter(ApiListing::isVisible)
                .sorted(Comparator.comparing(Field::getName))
                .map(field -> modifiers(field) + text(field.getAnnotatedType()) + " " + field.getName());
        Stream<String> constructors = Arrays.stream(type.getDeclaredConstructors())
                .filter(ApiListing::isVisible)
                .map(constructor -> modifiers(constructor) + type.getSimpleName() + signature(constructor))
                .sorted();
        Stream<String> methods = methodsOf(type).map(ApiListing::textOf).sorted();
        return Stream.concat(
                Stream.of(headOf(type)),
                Stream.of(fields, constructors, methods).flatMap(lines -> lines).map(line -> "    " + line));
    }

    /** What the type itself declares and is seen from outside, but for what every object, and every enum, has. */
    static Stream<Method> methodsOf(Class<?> type) {
        return Arrays.stream(type.getDeclaredMethods())
                .filter(ApiListing::isVisible)
                .filter(method -> !method.getName().matches("equals|hashCode|toString"))
                .filter(method -> !type.isEnum() || !method.getName().matches("values|valueOf"));
    }

    private static boolean isVisible(Member member) {
        return !member.isSynthetic()
                && (Modifier.isPublic(member.getModifiers()) || Modifier.isProtected(member.getModifiers()));
    }

    private static String headOf(Class<?> type) {
        String kind = type.isAnnotation()
                ? "@interface "
                : type.isInterface() ? "interface " : type.isEnum() ? "enum " : type.isRecord() ? "record " : "class ";
        int modifiers = type.getModifiers()
                & (type.isInterface() || type.isEnum()
                        ? ~(Modifier.ABSTRACT | Modifier.FINAL | Modifier.STATIC)
                        : ~Modifier.STATIC);
        String supertypes = Stream.concat(
                        Stream.ofNullable(type.getGenericSuperclass())
                                .filter(superclass -> superclass != Object.class && !type.isRecord() && !type.isEnum()),
                        Arrays.stream(type.getGenericInterfaces()))
                .map(ApiListing::text)
                .collect(Collectors.joining(", "));
        return Modifier.toString(modifiers & ~Modifier.INTERFACE)
                + (type.isSealed() ? " sealed " : " ")
                + kind
                + type.getName()
                + typeParameters(type.getTypeParameters())
                + (supertypes.isEmpty() ? "" : " : " + supertypes);
    }

    private static String textOf(Method method) {
        String parameters = typeParameters(method.getTypeParameters());
        String value = method.getDefaultValue() != null ? " default " + valueOf(method.getDefaultValue()) : "";
        return modifiers(method) + (method.isDefault() ? "default " : "")
                + (parameters.isEmpty() ? "" : parameters + " ") + text(method.getAnnotatedReturnType()) + " "
                + method.getName() + signature(method) + value;
    }

    private static String valueOf(Object value) {
        return value instanceof Object[] values
                ? Arrays.toString(values)
                : value instanceof String text ? '"' + text + '"' : value.toString();
    }

    private static String modifiers(Member member) {
        int shown = member.getModifiers()
                & (Modifier.PROTECTED | Modifier.STATIC | Modifier.ABSTRACT)
                & (member.getDeclaringClass().isInterface() ? ~Modifier.ABSTRACT : ~0);
        return shown == 0 ? "" : Modifier.toString(shown) + " ";
    }

    private static String signature(Executable executable) {
        String thrown = Arrays.stream(executable.getGenericExceptionTypes())
                .map(ApiListing::text)
                .collect(Collectors.joining(", "));
        String parameters = Arrays.stream(executable.getParameters())
                .map(Parameter::getAnnotatedType)
                .map(ApiListing::text)
                .collect(Collectors.joining(", ", "(", ")"));
        return (executable.isVarArgs() ? parameters.replace("[])", "...)") : parameters)
                + (thrown.isEmpty() ? "" : " throws " + thrown);
    }

    private static String typeParameters(TypeVariable<?>[] variables) {
        return variables.length == 0
                ? ""
                : Arrays.stream(variables)
                        .map(variable -> variable + bounds(variable))
                        .collect(Collectors.joining(", ", "<", ">"));
    }

    private static String bounds(TypeVariable<?> variable) {
        return Arrays.stream(variable.getAnnotatedBounds())
                .map(ApiListing::text)
                .filter(bound -> !bound.equals("Object"))
                .map(bound -> " extends " + bound)
                .collect(Collectors.joining());
    }

    /** Written out here: the text form of the JDK's own types is not the same in every release. */
    private static String text(AnnotatedType type) {
        String nullable = type.isAnnotationPresent(Nullable.class) ? "@Nullable " : "";
        if (type instanceof AnnotatedParameterizedType parameterized) {
            Type raw = ((ParameterizedType) type.getType()).getRawType();
            return nullable + text(raw) + list("<", parameterized.getAnnotatedActualTypeArguments(), ">");
        }
        if (type instanceof AnnotatedWildcardType wildcard) {
            String lower = list(" super ", wildcard.getAnnotatedLowerBounds(), "");
            String upper = list(" extends ", wildcard.getAnnotatedUpperBounds(), "");
            return "?" + (!lower.isEmpty() ? lower : upper.equals(" extends Object") ? "" : upper);
        }
        if (type instanceof AnnotatedArrayType array) {
            return text(array.getAnnotatedGenericComponentType()) + (nullable.isEmpty() ? "[]" : " @Nullable []");
        }
        return nullable + text(type.getType());
    }

    private static String list(String start, AnnotatedType[] types, String end) {
        return types.length == 0
                ? ""
                : Arrays.stream(types).map(ApiListing::text).collect(Collectors.joining(", ", start, end));
    }

    /** Without the packages that everybody knows. */
    private static String text(Type type) {
        return type.getTypeName()
                .replaceAll(
                        "\\b(java\\.(lang|util|time)(\\.(concurrent|function))?|io\\.github\\.lockspring(\\.[a-z]+)?)\\.(?=[A-Z])",
                        "");
    }
}
