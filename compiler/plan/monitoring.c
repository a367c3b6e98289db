#include "plan/parts.h"

#define USUAL_JAR "/jmx_prometheus_javaagent.jar"

/* Image volumes: beta and on by default from Kubernetes 1.35 (KEP-4639). OpenShift's restricted-v2 lists the kinds of volumes that
 * it admits, and images are not among them. */
static enum jar_source best_source(const struct plan *p, bool in_image)
{
    return in_image ? JAR_IMAGE : p->minor >= 35 && p->d->platform != ON_OPENSHIFT ? JAR_VOLUME : JAR_COPY;
}

static struct jmx exporter_of(struct arena *a, const struct plan *p, bool in_image)
{
    const struct exporter *e = &p->d->monitoring.exporter;
    struct jmx j = { .used = true, .source = (enum jar_source)e->source };
    if (j.source == JAR_AUTO || (j.source == JAR_IMAGE && !in_image))
        j.source = best_source(p, in_image && e->image == NULL);
    j.jar_from = e->jar != NULL ? e->jar : USUAL_JAR;
    j.image = j.source == JAR_IMAGE || e->image == NULL ? NULL : plan_image(a, p, e->image);
    j.jar = j.source == JAR_IMAGE ? j.jar_from : j.source == JAR_VOLUME ? str_join(a, EXPORTER_DIR, j.jar_from, NULL)
          : EXPORTER_DIR "/jmx_prometheus_javaagent.jar";
    return j;
}

void plan_monitoring(struct arena *a, struct plan *p)
{
    const struct monitoring *m = &p->d->monitoring;
    plan_lag_exporter(a, p);
    if (m->prometheus == PROM_NONE)
        return;
    const bool in_kafka = p->d->kafka.layout.type == LAYOUT_STRIMZI || m->exporter.source == JAR_IMAGE;
    p->jmx = exporter_of(a, p, in_kafka);
    p->zookeeper_jmx = exporter_of(a, p, false);
    p->zookeeper_jmx.used = p->components[COMP_ZOOKEEPER].used && p->zookeeper_jmx.image != NULL;
}
