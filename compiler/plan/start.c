#include "plan/parts.h"

#include "model/kafka.h"

#define CONFIG_FILE NODE_DIR "/server.properties"

/* ---- storage ----------------------------------------------------------------------------------------------------- */

/* meta.properties is written last and at once: when it is there, the directory is formatted. */
static void add_condition(struct text *t, const struct workload *w)
{
    for (uint32_t i = 0; i < w->volume_count; i++)
        text_join(t, i > 0 ? " && " : "", "test -f ", w->volumes[i].dir, "/meta.properties", NULL);
    text_add(t, " ||\n  ");
}

/* A voter of a dynamic quorum is formatted with the set that the quorum began with; a controller that comes later must not
 * be, or it would begin a quorum of its own (KIP-853). */
static const char *voter_option(struct text *t, const struct plan *p, const struct workload *w)
{
    const int64_t voters = p->d->kafka.initial_controllers;
    if (!w->is_controller || p->initial_controllers == NULL)
        return NULL;
    if (voters == 0 || voters >= (int64_t)w->node_count)
        return str_join(t->a, "--initial-controllers=", p->initial_controllers, NULL);
    text_join(t, "voters=--initial-controllers=", p->initial_controllers, "\n(( ${POD_NAME##*-} < ",
              str_int(t->a, voters), " )) || voters=--no-initial-controllers\n", NULL);
    return "\"$voters\"";
}

/* SCRAM users that the metadata begins with. What 4.3 prints while it formats holds their keys, and would be in the log. */
static void add_first_users(struct text *t, const struct plan *p)
{
    const char *of_brokers = plan_sasl_first_user(t->a, p);
    if (of_brokers != NULL)
        text_join(t, " \\\n    ", of_brokers, NULL);
    if (p->scram.secret != NULL)
        text_join(t, " \\\n    @" SCRAM_DIR "/", p->scram.key, NULL);
    if (of_brokers != NULL || p->scram.secret != NULL)
        text_add(t, " >/dev/null");
}

static void add_format(struct text *t, const struct plan *p, const struct workload *w)
{
    const char *voters = voter_option(t, p, w);
    add_condition(t, w);
    text_join(t, plan_script(t->a, p, "kafka-storage"), " format --ignore-formatted --config=" CONFIG_FILE " \\\n    ",
              "--cluster-id=", p->cluster_id, " --release-version=", p->protocol, NULL);
    if (voters != NULL)
        text_join(t, " \\\n    ", voters, NULL);
    if (w->is_controller)
        add_first_users(t, p);
    text_char(t, '\n');
}

/* ---- the server ---------------------------------------------------------------------------------------------------- */

const char *plan_exporter_option(struct arena *a, const struct plan *p, const struct jmx *j, const char *config)
{
    if (!j->used)
        return NULL;
    return str_join(a, "-javaagent:", j->jar, "=", str_int(a, p->d->monitoring.exporter.port), ":", config, NULL);
}

const char *plan_options(struct arena *a, const char *one, const char *other)
{
    return one == NULL || other == NULL ? (one != NULL ? one : other) : str_join(a, one, " ", other, NULL);
}

static void add_export(struct text *t, const char *name, const char *value)
{
    if (value != NULL)
        text_join(t, "export ", name, "='", str_replace(t->a, value, "'", "'\\''"), "'\n", NULL);
}

/* What only the server's JVM may have is set here and not in the environment of the container: a tool that somebody runs with
 * `kubectl exec` would start with the server's heap and agent beside it. -loggc, which kafka-server-start adds, writes 1 GB of files. */
static void add_server(struct text *t, const struct plan *p, const struct workload *w)
{
    const bool log4j2 = p->line >= KAFKA(4, 0);
    add_export(t, "KAFKA_HEAP_OPTS", w->heap_options);
    add_export(t, "KAFKA_JVM_PERFORMANCE_OPTS", w->jvm_options);
    add_export(t, "KAFKA_LOG4J_OPTS", log4j2 ? "-Dlog4j2.configurationFile=" COMMON_DIR "/" LOG4J2_FILE
                                             : "-Dlog4j.configuration=file:" COMMON_DIR "/" LOG4J1_FILE);
    add_export(t, "KAFKA_OPTS", plan_options(t->a, plan_exporter_option(t->a, p, &p->jmx, COMMON_DIR "/" EXPORTER_FILE),
                                             plan_options(t->a, p->zookeeper.used ? p->zookeeper.login_option : NULL,
                                                          plan_sasl_options(t->a, p, w))));
    add_export(t, "EXTRA_ARGS", "-name kafkaServer");
    text_join(t, "exec ", plan_script(t->a, p, "kafka-server-start"), " " CONFIG_FILE "\n", NULL);
}

void plan_start(struct arena *a, struct plan *p)
{
    for (uint32_t i = 0; i < p->workload_count; i++) {
        struct workload *w = &p->workloads[i];
        if (w->component == COMP_ZOOKEEPER)
            continue;
        struct text t = { .a = a };
        text_add(&t, "rm -f /tmp/ready /tmp/waiting\n"); /* /tmp outlives a crashed container; what its probe knew does not */
        if (p->kraft)
            add_format(&t, p, w);
        add_server(&t, p, w);
        w->start = text_str(&t);
    }
}
