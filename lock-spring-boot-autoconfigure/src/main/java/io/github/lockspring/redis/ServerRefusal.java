package io.github.lockspring.redis;

import java.util.Arrays;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * What a server, or a proxy in front of it, refuses until its configuration, or that of the application, is changed.
 * Recognized by the messages of Redis 6.2 to 8, Valkey, proxies and managed services. Temporary problems have their own
 * error codes, such as {@code LOADING} or {@code READONLY}, and are not refusals.
 */
enum ServerRefusal {

    /** It does not know who connects. */
    PASSWORD(
            "WRONGPASS|NOAUTH|DENIED|ERR (AUTH|Client sent AUTH|invalid (user|pass))",
            "Check user and password of the connection factory: 'spring.data.redis.username' and"
                    + " 'spring.data.redis.password' for that of Spring Boot"),

    /** It knows who connects, and does not permit this. */
    PERMISSION(
            "NOPERM|ERR ACL failure|(ERR )?The user executing the script can't run",
            "Permit it to the Redis user (ACL SETUSER): scripts need +eval +evalsha and the commands listed in"
                    + " docs/safety.md (Access rights), and keys and channels that begin with"
                    + " the key prefix ('distributed-lock.key-prefix' for the primary server)"),

    /** It does not have that database. */
    DATABASE(
            "ERR (DB index|invalid DB index|SELECT is not allowed)",
            "Check the database of the connection factory, 'spring.data.redis.database' for that of Spring Boot: a cluster"
                    + " has none but 0"),

    /** It does not belong to a cluster. */
    NO_CLUSTER(
            "ERR This instance has cluster support disabled",
            "Have the connection factory connect to one server, by 'spring.data.redis.host' in place of"
                    + " 'spring.data.redis.cluster.nodes' for that of Spring Boot, or name nodes of a cluster"),

    /** It belongs to a cluster, and another server of it has the key. */
    CLUSTER(
            "MOVED ",
            "Have the connection factory connect to the cluster, by 'spring.data.redis.cluster.nodes' in place of"
                    + " 'spring.data.redis.host' for that of Spring Boot"),

    /** The driver knows no server for the key. */
    NO_PARTITION(
            "Cannot determine a partition",
            "Check with CLUSTER SLOTS that every slot has a server, and that the driver learns of changes"
                    + " ('spring.data.redis.lettuce.cluster.refresh.adaptive' for the connection factory of Spring Boot)"),

    /** It does not know the command, or not with these keys, or not by this name. */
    COMMAND(
            "CROSSSLOT|NOPROTO|(ERR )?Unknown (Redis )?command called from|ERR unknown (sub)?command"
                    + "|ERR .*([Nn]ot support|[Uu]nsupported|bad lua script|can't run this command|not allowed from script)",
            "Redis, and a proxy in front of it, must permit EVAL and the commands listed in docs/safety.md (Access"
                    + " rights), under their own names ('rename-command' in the configuration of Redis)"),

    /** The key belongs to others. */
    FOREIGN_VALUE(
            "WRONGTYPE|ERR fencing",
            "Check that no other application uses keys under the key prefix ('distributed-lock.key-prefix' for the primary server)");

    /** A call by digest is refused, and one with the text may work. */
    private static final Pattern OF_DIGESTS = Pattern.compile(
            "ERR (unknown command|.*([Nn]ot support|[Uu]nsupported))|.*(evalsha|EVALSHA)", Pattern.DOTALL);

    /** How Redis 6 begins what a command inside a script was told, and what a script returned itself. */
    private static final Pattern IN_SCRIPT =
            Pattern.compile("^(ERR Error running script \\([^)]*\\): )?(@user_script: ?\\d+: )+-?");

    private final Pattern texts;

    private final String remedy;

    ServerRefusal(String texts, String remedy) {
        this.texts = Pattern.compile(texts, Pattern.DOTALL);
        this.remedy = remedy;
    }

    /** Whether the server refuses the connection, and with it whatever is sent over it. */
    boolean isOfConnecting() {
        return this == PASSWORD || this == DATABASE || this == NO_CLUSTER;
    }

    /** What has to be changed. */
    String remedy() {
        return this.remedy;
    }

    /** Finds what was refused; {@code null} if nothing was, or it cannot be told. */
    static @Nullable ServerRefusal of(@Nullable Throwable failure) {
        ServerRefusal found = null;
        for (Throwable cause = failure; cause != null && found == null; cause = cause.getCause()) {
            String message = cause.getMessage();
            found = message != null ? ofReply(reply(message)) : null;
            found = found != null ? found : ofAll(cause.getSuppressed());
        }
        return found;
    }

    /** Finds what a reply of the server refuses. */
    static @Nullable ServerRefusal ofReply(String reply) {
        return Arrays.stream(values())
                .filter(refusal -> refusal.texts.matcher(reply).lookingAt())
                .findFirst()
                .orElse(null);
    }

    /** What several servers have said; one that cannot be reached may do better later. */
    private static @Nullable ServerRefusal ofAll(Throwable[] failures) {
        boolean all = failures.length > 0 && Arrays.stream(failures).allMatch(failure -> of(failure) != null);
        return all ? of(failures[0]) : null;
    }

    /** Whether the server refuses to call scripts by their digest, which says nothing about calls with the text. */
    static boolean isOfDigests(Throwable failure) {
        return of(failure) != null
                && CommandFailures.messages(failure)
                        .anyMatch(message -> OF_DIGESTS.matcher(message).lookingAt());
    }

    /** What the server said at first, which Redis 6 surrounds by where that was. */
    static String reply(String message) {
        return IN_SCRIPT.matcher(message).replaceFirst("");
    }
}
