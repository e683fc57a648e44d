package io.github.lockspring.documentation;

import com.sun.source.util.JavacTask;
import java.io.IOException;
import java.net.URI;
import java.util.ArrayList;
import java.util.Collections;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import javax.tools.Diagnostic;
import javax.tools.DiagnosticCollector;
import javax.tools.JavaFileObject;
import javax.tools.SimpleJavaFileObject;
import javax.tools.ToolProvider;

/**
 * Java code of a Markdown file, made a file of its own: with imports, {@link StandIns} and one of the {@link Frame frames}
 * around it, and with something in place of what is left out, {@code ...}.
 */
final class JavaBlock extends SimpleJavaFileObject {

    /** The annotation's own module would take part in all other tests of this one. */
    private static final JavaFileObject SERVICE_CONNECTION =
            new SimpleJavaFileObject(URI.create("string:///ServiceConnection.java"), JavaFileObject.Kind.SOURCE) {

                @Override
                public CharSequence getCharContent(boolean ignoreEncodingErrors) {
                    return "package org.springframework.boot.testcontainers.service.connection;"
                            + " public @interface ServiceConnection { String name() default \"\"; }";
                }
            };

    private static final Pattern LEFT_OUT_TYPE = Pattern.compile("(?<=class \\w{1,99} )\\{ \\.\\.\\. }");

    private static final Pattern LEFT_OUT_BODY = Pattern.compile("\\{ \\.\\.\\. }");

    private static final Pattern LEFT_OUT_STATEMENT = Pattern.compile("(?m)^( *)\\.\\.\\.$");

    private static final Pattern LEFT_OUT_VALUE = Pattern.compile("(?<=[ (])\\.\\.\\.(?=[;,)])");

    /** What examples do not show: these are in every file. A block can have imports of its own. */
    private static final List<String> IMPORTS = Stream.of(
                    "io.github.lockspring.*",
                    "io.github.lockspring.annotation.*",
                    "io.github.lockspring.autoconfigure.*",
                    "io.github.lockspring.documentation.StandIns",
                    "io.github.lockspring.documentation.StandIns.*",
                    "static io.github.lockspring.documentation.StandIns.*",
                    "io.github.lockspring.engine.*",
                    "io.github.lockspring.memory.*",
                    "io.github.lockspring.reactive.*",
                    "io.lettuce.core.SocketOptions",
                    "java.math.*",
                    "java.time.*",
                    "java.util.*",
                    "java.util.concurrent.*",
                    "java.util.concurrent.atomic.*",
                    "org.junit.jupiter.api.Test",
                    "org.springframework.beans.factory.annotation.*",
                    "org.springframework.boot.autoconfigure.*",
                    "org.springframework.boot.test.context.*",
                    "org.springframework.cache.annotation.*",
                    "org.springframework.context.annotation.*",
                    "org.springframework.context.event.EventListener",
                    "org.springframework.core.Ordered",
                    "org.springframework.data.redis.connection.*",
                    "org.springframework.data.redis.connection.lettuce.*",
                    "org.springframework.http.*",
                    "org.springframework.scheduling.annotation.*",
                    "org.springframework.stereotype.*",
                    "org.springframework.test.context.*",
                    "org.springframework.transaction.annotation.*",
                    "org.springframework.transaction.reactive.TransactionalOperator",
                    "org.springframework.transaction.support.*",
                    "org.springframework.web.bind.annotation.*",
                    "reactor.core.publisher.Flux",
                    "reactor.core.publisher.Mono",
                    "static org.assertj.core.api.Assertions.*",
                    "static org.awaitility.Awaitility.*",
                    "static org.mockito.Mockito.*")
            .map(name -> "import " + name + ";")
            .toList();

    /** What a block needs around it to be a file. */
    private enum Frame {

        /** The block has types. */
        NOTHING("", ""),

        /** The block has fields, constructors or methods. */
        CLASS("abstract class Example extends StandIns {", "}"),

        /** The block has statements. */
        METHOD("abstract class Example extends StandIns { void example() throws Exception {", "}}"),

        /** The block is an annotation. */
        ANNOTATED("", "class Example {}");

        private final String before;

        private final String after;

        Frame(String before, String after) {
            this.before = before;
            this.after = after;
        }
    }

    private final CodeBlock block;

    private final String code;

    private final int linesBefore;

    private JavaBlock(CodeBlock block, int number, Frame frame) {
        super(URI.create("string:///example" + number + "/Example.java"), Kind.SOURCE);
        this.block = block;
        this.linesBefore = IMPORTS.size() + 2;
        this.code = String.join(
                "\n",
                "package example" + number + ';',
                String.join("\n", IMPORTS),
                frame.before,
                filled(block.text()),
                frame.after);
    }

    /** Puts each block into the frame that makes Java of it, or into that in which most of it is Java. */
    static List<JavaBlock> of(List<CodeBlock> blocks) throws IOException {
        List<List<JavaBlock>> framed = new ArrayList<>();
        for (CodeBlock block : blocks) {
            int number = framed.size();
            framed.add(Stream.of(Frame.values())
                    .map(frame -> new JavaBlock(block, number, frame))
                    .toList());
        }
        Map<JavaFileObject, Long> firstErrors =
                syntaxErrors(framed.stream().flatMap(List::stream).toList());
        Comparator<JavaBlock> fit = Comparator.comparingLong(each -> firstErrors.getOrDefault(each, Long.MAX_VALUE));
        return framed.stream().map(each -> Collections.max(each, fit)).toList();
    }

    /** The line of the first one in each block that has any. */
    private static Map<JavaFileObject, Long> syntaxErrors(List<JavaBlock> blocks) throws IOException {
        DiagnosticCollector<JavaFileObject> found = new DiagnosticCollector<>();
        task(found, List.of("--source", "17"), blocks).parse();
        Map<JavaFileObject, Long> first = new HashMap<>();
        found.getDiagnostics().stream()
                .filter(each -> each.getKind() == Diagnostic.Kind.ERROR)
                .forEach(each -> first.merge(each.getSource(), each.getLineNumber(), Math::min));
        return first;
    }

    /** Compiles blocks, and returns what the compiler says of them. */
    static List<String> compile(List<JavaBlock> blocks) throws IOException {
        DiagnosticCollector<JavaFileObject> found = new DiagnosticCollector<>();
        List<String> options = List.of(
                "--release",
                "17",
                "-proc:none",
                "-parameters",
                "-Xlint:deprecation,removal,unchecked,rawtypes",
                "-XDshould-stop.ifError=FLOW",
                "-classpath",
                System.getProperty("java.class.path"));
        List<JavaFileObject> files = new ArrayList<>(blocks);
        files.add(SERVICE_CONNECTION);
        task(found, options, files).analyze();
        return found.getDiagnostics().stream().map(JavaBlock::told).toList();
    }

    private static JavacTask task(
            DiagnosticCollector<JavaFileObject> found, List<String> options, List<? extends JavaFileObject> files) {
        List<String> all =
                Stream.concat(options.stream(), Stream.of("-Xmaxerrs", "10000")).toList();
        return (JavacTask) ToolProvider.getSystemJavaCompiler().getTask(null, null, found, all, null, files);
    }

    private static String told(Diagnostic<? extends JavaFileObject> diagnostic) {
        if (!(diagnostic.getSource() instanceof JavaBlock java)) {
            return diagnostic.toString();
        }
        long line = java.block.line() + diagnostic.getLineNumber() - java.linesBefore - 1;
        return java.block.file() + ':' + line + ": " + diagnostic.getMessage(null);
    }

    private static String filled(String code) {
        String types = LEFT_OUT_TYPE.matcher(code).replaceAll("{}");
        String bodies = LEFT_OUT_BODY.matcher(types).replaceAll("{ throw new UnsupportedOperationException(); }");
        String statements = LEFT_OUT_STATEMENT.matcher(bodies).replaceAll("$1leftOut();");
        return LEFT_OUT_VALUE.matcher(statements).replaceAll("leftOut()");
    }

    @Override
    public boolean isNameCompatible(String simpleName, Kind kind) {
        return true;
    }

    @Override
    public CharSequence getCharContent(boolean ignoreEncodingErrors) {
        return this.code;
    }
}
