#include "plan/parts.h"

#include "model/kafka.h"

#include <stdlib.h>

/* Everything goes to standard output, where `kubectl logs` and collectors read it. */
#define LAYOUT "[%d] %p %m (%c)%n"

/* As in Kafka's own files: these write a line a request, at any level below. The authorizer tells of denials at INFO. */
static const struct pair kafka_loggers[] = {
    { "kafka.authorizer.logger",        { .kind = V_STR, .s = "INFO", .len = 4 } },
    { "kafka.network.RequestChannel$",  { .kind = V_STR, .s = "WARN", .len = 4 } },
    { "kafka.request.logger",           { .kind = V_STR, .s = "WARN", .len = 4 } },
};

/* This one tells of every probe that asks for `ruok` or `srvr`. */
static const struct pair zookeeper_loggers[] = {
    { "org.apache.zookeeper.server.NIOServerCnxn", { .kind = V_STR, .s = "WARN", .len = 4 } },
};

static struct val defaults(const struct pair *pairs, size_t n)
{
    return (struct val){ .kind = V_MAP, .len = (uint32_t)n, .map = pairs };
}

static struct val loggers_of_kafka(struct arena *a, const struct plan *p)
{
    return tree_overlay(a, defaults(kafka_loggers, sizeof kafka_loggers / sizeof *kafka_loggers), p->d->logging.loggers);
}

static struct val loggers_of_zookeeper(struct arena *a, const struct plan *p)
{
    const struct val *all = p->d->logging.loggers;
    struct pairs own = { .a = a };
    for (uint32_t i = 0; all != NULL && i < all->len; i++)
        if (str_starts(all->map[i].key, "org.apache.zookeeper"))
            pairs_add(&own, all->map[i].key, all->map[i].v);
    const struct val named = pairs_done(&own);
    return tree_overlay(a, defaults(zookeeper_loggers, sizeof zookeeper_loggers / sizeof *zookeeper_loggers), &named);
}

/* log4j 1 and reload4j. */
static const char *log4j_properties(struct arena *a, const char *root, struct val loggers)
{
    struct text t = { .a = a };
    text_join(&t, "log4j.rootLogger=", root, ", stdout\n"
                  "log4j.appender.stdout=org.apache.log4j.ConsoleAppender\n"
                  "log4j.appender.stdout.layout=org.apache.log4j.PatternLayout\n"
                  "log4j.appender.stdout.layout.ConversionPattern=" LAYOUT "\n", NULL);
    for (uint32_t i = 0; i < loggers.len; i++)
        plan_property(&t, str_join(a, "log4j.logger.", loggers.map[i].key, NULL), loggers.map[i].v.s);
    return text_str(&t);
}

/* Kafka 4.0 and later. Every JSON string is a YAML string. */
static const char *log4j2_yaml(struct arena *a, const char *root, struct val loggers)
{
    struct text t = { .a = a };
    text_join(&t, "Configuration:\n"
                  "  Appenders:\n"
                  "    Console:\n"
                  "      name: STDOUT\n"
                  "      PatternLayout:\n"
                  "        pattern: \"" LAYOUT "\"\n"
                  "  Loggers:\n"
                  "    Root:\n"
                  "      level: \"", root, "\"\n"
                  "      AppenderRef:\n"
                  "        - ref: STDOUT\n"
                  "    Logger:\n", NULL);
    for (uint32_t i = 0; i < loggers.len; i++) {
        text_add(&t, "      - name: ");
        diag_json_string(&t, loggers.map[i].key);
        text_add(&t, "\n        level: ");
        diag_json_string(&t, loggers.map[i].v.s);
        text_char(&t, '\n');
    }
    return text_str(&t);
}

static void add_attribute(struct text *t, const char *s)
{
    for (; *s != '\0'; s++)
        switch (*s) {
        case '&': text_add(t, "&amp;"); break;
        case '<': text_add(t, "&lt;"); break;
        case '"': text_add(t, "&quot;"); break;
        default:  text_char(t, *s);
        }
}

/* Logback takes a level it does not know for DEBUG, and it has no FATAL. */
static const char *logback_level(const char *level)
{
    return str_eq(level, "FATAL") ? "ERROR" : level;
}

static const char *logback_xml(struct arena *a, const char *root, struct val loggers)
{
    struct text t = { .a = a };
    text_add(&t, "<configuration>\n"
                 "  <appender name=\"STDOUT\" class=\"ch.qos.logback.core.ConsoleAppender\">\n"
                 "    <encoder>\n"
                 "      <pattern>[%d{ISO8601}] %p %m \\(%c\\)%n</pattern>\n"
                 "    </encoder>\n"
                 "  </appender>\n");
    for (uint32_t i = 0; i < loggers.len; i++) {
        text_add(&t, "  <logger name=\"");
        add_attribute(&t, loggers.map[i].key);
        text_add(&t, "\" level=\"");
        add_attribute(&t, logback_level(loggers.map[i].v.s));
        text_add(&t, "\"/>\n");
    }
    text_join(&t, "  <root level=\"", logback_level(root), "\">\n"
                  "    <appender-ref ref=\"STDOUT\"/>\n"
                  "  </root>\n"
                  "</configuration>\n", NULL);
    return text_str(&t);
}

static void log_kafka(struct arena *a, struct plan *p)
{
    const char *root = p->d->logging.root;
    const struct val loggers = loggers_of_kafka(a, p);
    const bool log4j2 = p->line >= KAFKA(4, 0);
    p->log_file   = log4j2 ? LOG4J2_FILE : LOG4J1_FILE;
    p->log_config = log4j2 ? log4j2_yaml(a, root, loggers) : log4j_properties(a, root, loggers);
}

/* ZooKeeper 3.8 replaced log4j by logback (ZOOKEEPER-4427). */
static void log_zookeeper(struct arena *a, struct plan *p)
{
    const char *dot = strchr(p->d->zookeeper.version, '.'), *root = p->d->logging.root;
    const bool logback = dot == NULL || strtol(dot + 1, NULL, 10) >= 8;
    const struct val loggers = loggers_of_zookeeper(a, p);
    p->zookeeper_log_file   = logback ? "logback.xml" : LOG4J1_FILE;
    p->zookeeper_log_config = logback ? logback_xml(a, root, loggers) : log4j_properties(a, root, loggers);
}

void plan_logging(struct arena *a, struct plan *p)
{
    log_kafka(a, p);
    if (p->components[COMP_ZOOKEEPER].used)
        log_zookeeper(a, p);
}
