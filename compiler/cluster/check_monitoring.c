/* check_monitoring.c: metrics, rules and logging. */
#include "cluster/check.h"

#include <strings.h>

static void exporter_image(const struct check *c)
{
    const struct monitoring *m = &c->d->monitoring;
    const bool inside = c->d->kafka.layout.type == LAYOUT_STRIMZI;
    const struct exporter *e = &m->exporter;
    if (m->prometheus == PROM_NONE || e->image != NULL || e->source == JAR_IMAGE
        || (inside && e->source == JAR_AUTO))
        return;
    struct diag *d = diag_at(c->cx, E_EXPORTER_IMAGE, written(c->d, "monitoring.exporter.source")
                             ? place(c->d, "monitoring.exporter.source")
        : place(c->d, "monitoring.prometheus"), "metrics need the JMX exporter, and no image holds it");
    diag_hint(c->cx, d, "write monitoring.exporter.image, or an own Kafka image with source: image and jar");
}

static void exporter_jar(const struct check *c)
{
    const struct exporter *e = &c->d->monitoring.exporter;
    const bool strimzi = c->d->kafka.layout.type == LAYOUT_STRIMZI;
    const bool inside  = e->source == JAR_IMAGE || (e->source == JAR_AUTO && strimzi && e->image == NULL);
    if (c->d->monitoring.prometheus == PROM_NONE || !inside || e->jar != NULL)
        return;
    struct diag *d = diag_at(c->cx, E_EXPORTER_JAR, place(c->d, "monitoring.exporter.source"),
                             "where the exporter is in the Kafka image is not known");
    diag_hint(c->cx, d, strimzi ? "write monitoring.exporter.jar: in images of Strimzi the name of the jar, below "
                                  "/opt/prometheus-jmx-exporter, holds its version"
                                : "write monitoring.exporter.jar: the path of the agent jar");
}

static void jar_path(const struct check *c)
{
    const char *jar = c->d->monitoring.exporter.jar;
    if (jar == NULL || (jar[0] == '/' && strpbrk(jar, " \t'\"`$\\;&|<>*?()=:,") == NULL))
        return;
    struct diag *d = diag_at(c->cx, E_JAR_PATH, place(c->d, "monitoring.exporter.jar"),
                             "'%s' is no absolute path of plain characters", jar);
    diag_hint(c->cx, d, "write the path in the image, such as /opt/jmx_prometheus_javaagent.jar");
}

static void image_volume(const struct check *c)
{
    const struct monitoring *m = &c->d->monitoring;
    if (m->prometheus == PROM_NONE || m->exporter.source != JAR_VOLUME || c->d->kubernetes >= 35)
        return;
    struct diag *d = diag_at(c->cx, E_IMAGE_VOLUME, place(c->d, "monitoring.exporter.source"),
                             "Kubernetes 1.%d does not mount images",
                             (int)c->d->kubernetes);
    diag_hint(c->cx, d, "use copy, or leave 'source' out");
}

static void zookeeper_unseen(const struct check *c)
{
    const struct monitoring *m = &c->d->monitoring;
    if (!own_zookeeper(c->d) || m->prometheus == PROM_NONE || m->exporter.image != NULL
        || (m->exporter.source != JAR_IMAGE && c->d->kafka.layout.type != LAYOUT_STRIMZI))
        return;
    struct diag *d = diag_at(c->cx, W_ZOOKEEPER_UNSEEN, place(c->d, "monitoring.prometheus"),
                             "ZooKeeper has no metrics: its image holds no exporter");
    diag_hint(c->cx, d, "write monitoring.exporter.image");
}

/* ---- what has no effect -------------------------------------------------------------------------------- */

static void rules(const struct check *c)
{
    const struct monitoring *m = &c->d->monitoring;
    if (!m->rules || m->prometheus == PROM_MONITORS)
        return;
    if (m->prometheus == PROM_NONE) {
        struct diag *e = diag_at(c->cx, E_RULES, place(c->d, "monitoring.rules"),
                                 "rules need metrics, and 'monitoring.prometheus' is none");
        diag_hint(c->cx, e, "write prometheus: monitors");
    } else {
        struct diag *w = diag_at(c->cx, W_RULES, place(c->d, "monitoring.rules"),
                                 "a Prometheus that scrapes by annotations reads no PrometheusRule");
        diag_hint(c->cx, w, "write prometheus: monitors, or load the rules yourself");
    }
}

static void unused(const struct check *c)
{
    static const struct { const char *field, *needs; bool monitors; } fields[] = {
        { "monitoring.exporter", "prometheus: annotations or monitors", false },
        { "monitoring.labels", "prometheus: monitors", true },
        { "monitoring.interval", "prometheus: monitors", true },
        { "networkPolicy.monitoringNamespace", "prometheus: annotations or monitors", false } };
    for (size_t i = 0; i < sizeof fields / sizeof fields[0]; i++) {
        const int kind = c->d->monitoring.prometheus;
        if ((fields[i].monitors ? kind == PROM_MONITORS || c->d->monitoring.rules : kind != PROM_NONE)
            || !check_own(c, "%s", fields[i].field))
            continue;
        struct diag *w = diag_at(c->cx, W_MONITORING_UNUSED, place(c->d, "%s", fields[i].field),
                                 "'%s' has no effect", fields[i].field);
        diag_hint(c->cx, w, "it needs monitoring.%s", fields[i].needs);
    }
}

/* ---- logging ------------------------------------------------------------------------------------------- */

static bool is_level(const char *s)
{
    static const char *const levels[] = { "TRACE", "DEBUG", "INFO", "WARN", "ERROR", "FATAL", "OFF", NULL };
    for (const char *const *l = levels; *l != NULL; l++)
        if (strcmp(s, *l) == 0)
            return true;
    return false;
}

static void loggers(const struct check *c)
{
    const struct val *map = c->d->logging.loggers;
    for (uint32_t i = 0; map != NULL && i < map->len; i++) {
        const char *name = map->map[i].key;
        if (!is_level(map->map[i].v.s)) {
            struct diag *e = diag_at(c->cx, E_LEVEL, map->map[i].v.at, "'%s' is no level of logging",
                                     map->map[i].v.s);
            diag_hint(c->cx, e, "use TRACE, DEBUG, INFO, WARN, ERROR, FATAL or OFF");
        }
        if (name[0] != '\0' && strpbrk(name, " =:#!\\\"'{}[],&*?|<>%@`") == NULL)
            continue;
        struct diag *e = diag_at(c->cx, E_LOGGER, tree_key_at(map, i), "'%s' is no name of a logger", name);
        diag_hint(c->cx, e, "write a Java class or package, such as kafka.request.logger");
    }
}

check_rule *const check_monitoring[] = {
    exporter_image, exporter_jar, jar_path, image_volume, zookeeper_unseen, rules, unused, loggers, NULL
};
