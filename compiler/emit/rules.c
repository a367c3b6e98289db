/* Alerts whose thresholds are known when the cluster is: how many brokers there are, how many copies may be missing, what a
 * quorum needs, how long a rolling restart takes. Series names are those of text_jmx.c, of the lag exporter, and of kubelet;
 * series are picked by namespace and pod, which monitors and scraping by annotation both set. */
#include "emit/emit.h"

#include "base/text.h"
#include "model/kafka.h"

struct rules {
    struct arena      *a;
    const struct plan *p;
    /* Label matchers: namespace="streaming",pod=~"orders-broker-[0-9]+" */
    const char        *brokers, *controllers, *zookeeper;
    struct vals        kafka, quorum, disks, lag;
};

enum role { ROLE_BROKER, ROLE_CONTROLLER, ROLE_ZOOKEEPER, ROLE_WITH_CLAIMS };

static bool keeps_claims(const struct workload *w)
{
    for (uint32_t i = 0; i < w->volume_count; i++)
        if (w->volumes[i].storage->type != ST_EPHEMERAL)
            return true;
    return false;
}

static bool has_role(const struct plan *p, const struct workload *w, enum role role)
{
    switch (role) {
    case ROLE_BROKER:      return w->is_broker;
    case ROLE_CONTROLLER:  return p->kraft ? w->is_controller : w->is_broker; /* one of the brokers is it */
    case ROLE_ZOOKEEPER:   return w->component == COMP_ZOOKEEPER;
    case ROLE_WITH_CLAIMS: return keeps_claims(w);
    }
    return false;
}

static uint32_t workloads(const struct plan *p, enum role role)
{
    uint32_t n = 0;
    for (uint32_t i = 0; i < p->workload_count; i++)
        n += has_role(p, &p->workloads[i], role);
    return n;
}

/* "orders-broker-[0-9]+", "(orders-broker|orders-archive)-[0-9]+": whole pod names; Prometheus anchors its expressions. */
static void add_pods(struct text *t, const struct plan *p, enum role role)
{
    const bool several = workloads(p, role) > 1;
    const char *before = several ? "(" : "";
    for (uint32_t i = 0; i < p->workload_count; i++)
        if (has_role(p, &p->workloads[i], role)) {
            text_join(t, before, p->workloads[i].name, NULL);
            before = "|";
        }
    text_add(t, several ? ")-[0-9]+" : "-[0-9]+");
}

static const char *pods(struct arena *a, const struct plan *p, enum role role)
{
    struct text t = { .a = a };
    text_join(&t, "namespace=\"", p->d->namespace_, "\",pod=~\"", NULL);
    add_pods(&t, p, role);
    text_char(&t, '"');
    return text_str(&t);
}

struct alert {
    const char *name, *severity;
    int64_t     minutes;  /* how long it must last; 0: not at all */
    const char *expr, *summary, *description;
};

static void add(struct rules *r, struct vals *to, struct alert alert)
{
    struct arena *a = r->a;
    vals_add(to, MAP(a,
        { "alert", t_str(alert.name) },
        { "expr",  t_str(alert.expr) },
        { "for",   t_if(alert.minutes > 0, k8s_duration(a, alert.minutes * 60000)) },
        { "labels", MAP(a,
            { "kafka_cluster", t_str(r->p->d->name) },
            { "severity",      t_str(alert.severity) }) },
        { "annotations", MAP(a,
            { "summary",     t_str(alert.summary) },
            { "description", t_str(alert.description) }) }));
}

/* How many of these pods answer scrapes; 0 rather than nothing when none does. */
static const char *up(struct arena *a, const char *of)
{
    return str_join(a, "(count(up{", of, "} == 1) or vector(0))", NULL);
}

/* A clean restart is no alarm: the longest grace period, and as much again for the start. */
static int64_t restart_minutes(const struct plan *p, enum role role)
{
    int64_t most = 0;
    for (uint32_t i = 0; i < p->workload_count; i++)
        if (has_role(p, &p->workloads[i], role) && p->workloads[i].grace > most)
            most = p->workloads[i].grace;
    return 5 + (2 * most + 59) / 60;
}

static void partitions(struct rules *r)
{
    struct arena *a = r->a;
    const struct plan *p = r->p;
    add(r, &r->kafka, (struct alert){ "KafkaOfflinePartitions", "critical", 1,
        str_join(a, "max(kafka_controller_kafkacontroller_offlinepartitionscount{", r->controllers, "}) > 0", NULL),
        "Partitions have no leader",
        "{{ $value }} partitions can be neither written nor read: all their in-sync replicas are down." });
    if (p->min_isr > 1)
        add(r, &r->kafka, (struct alert){ "KafkaUnderMinIsr", "critical", 2,
            str_join(a, "kafka_server_replicamanager_underminisrpartitioncount{", r->brokers, "} > 0", NULL),
            "Partitions refuse writes with acks=all",
            str_join(a, "{{ $value }} partitions led by {{ $labels.pod }} have fewer in-sync replicas than "
                     "min.insync.replicas (", str_int(a, p->min_isr), " unless the topic says otherwise).", NULL) });
    if (p->replication > 1)
        add(r, &r->kafka, (struct alert){ "KafkaUnderReplicated", "warning", restart_minutes(p, ROLE_BROKER),
            str_join(a, "kafka_server_replicamanager_underreplicatedpartitions{", r->brokers, "} > 0", NULL),
            "Partitions miss replicas for longer than a restart takes",
            "{{ $value }} partitions led by {{ $labels.pod }} have replicas that are not in sync." });
    add(r, &r->kafka, (struct alert){ "KafkaUncleanLeaderElection", "critical", 0,
        str_join(a, "increase(kafka_controller_controllerstats_uncleanleaderelections_total{", r->controllers,
                 "}[15m]) > 0", NULL),
        "Records were lost",
        "A replica that was not in sync became leader; what it had not copied is gone." });
}

static void brokers(struct rules *r)
{
    struct arena *a = r->a;
    const struct plan *p = r->p;
    const char *all = str_int(a, p->brokers);
    const int64_t spare = p->replication - p->min_isr;
    add(r, &r->kafka, (struct alert){ "KafkaBrokersMissing", "warning", restart_minutes(p, ROLE_BROKER),
        str_join(a, up(a, r->brokers), " < ", all, NULL),
        "Brokers are down or not scraped",
        str_join(a, "{{ $value }} of ", all, " brokers answer.", NULL) });
    if (spare >= 0 && spare + 1 < p->brokers)
        add(r, &r->kafka, (struct alert){ "KafkaTooManyBrokersDown", "critical", 2,
            str_join(a, up(a, r->brokers), " < ", str_int(a, p->brokers - spare), NULL),
            "More brokers are down than replication makes up for",
            str_join(a, "{{ $value }} of ", all, " brokers answer; topics with ", str_int(a, p->replication),
                     " replicas, ", str_int(a, p->min_isr), " of them in sync, bear the loss of ", str_int(a, spare), ".",
                     NULL) });
    add(r, &r->kafka, (struct alert){ "KafkaOfflineLogDirectories", "critical", 1,
        str_join(a, "kafka_log_logmanager_offlinelogdirectorycount{", r->brokers, "} > 0", NULL),
        "A disk of a broker failed",
        "{{ $labels.pod }} has taken {{ $value }} log directories offline after input/output errors." });
    add(r, &r->kafka, (struct alert){ "KafkaLogCleanerDead", "warning", 5,
        str_join(a, "kafka_log_logcleaner_deadthreadcount{", r->brokers, "} > 0", NULL),
        "Compaction has stopped",
        "{{ $value }} log cleaner threads of {{ $labels.pod }} have died; compacted topics grow without bound." });
}

/* Kafka's documentation wants both idle ratios above 0.3. */
static void load(struct rules *r)
{
    struct arena *a = r->a;
    add(r, &r->kafka, (struct alert){ "KafkaRequestHandlersBusy", "warning", 15,
        str_join(a, "kafka_server_kafkarequesthandlerpool_requesthandleravgidle_percent{", r->brokers, "} < 0.3", NULL),
        "A broker works near its limit",
        "The request handlers of {{ $labels.pod }} are idle {{ $value | humanizePercentage }} of the time." });
    add(r, &r->kafka, (struct alert){ "KafkaNetworkThreadsBusy", "warning", 15,
        str_join(a, "kafka_network_socketserver_networkprocessoravgidle_percent{", r->brokers, "} < 0.3", NULL),
        "The network threads of a broker work near their limit",
        "The network threads of {{ $labels.pod }} are idle {{ $value | humanizePercentage }} of the time." });
}

/* A quorum with just its majority stops at the next failure. One member has nothing to lose but everything. */
static void quorum(struct rules *r, const char *of, uint32_t members, int64_t minutes, const char *at_risk, const char *lost)
{
    struct arena *a = r->a;
    const uint32_t majority = members / 2 + 1;
    const char *state = str_join(a, "{{ $value }} of ", str_int(a, members), " answer; ", str_int(a, majority),
                                 " are needed.", NULL);
    if (members > majority)
        add(r, &r->quorum, (struct alert){ at_risk, "warning", minutes,
            str_join(a, up(a, of), " <= ", str_int(a, majority), NULL),
            "The next failure stops the quorum", state });
    add(r, &r->quorum, (struct alert){ lost, "critical", 2,
        str_join(a, up(a, of), " < ", str_int(a, majority), NULL),
        "The quorum is lost", state });
}

static void controllers(struct rules *r)
{
    struct arena *a = r->a;
    const struct plan *p = r->p;
    add(r, &r->quorum, (struct alert){ "KafkaActiveController", "critical", 2,
        str_join(a, "sum(kafka_controller_kafkacontroller_activecontrollercount{", r->controllers, "}) != 1", NULL),
        "There is not exactly one active controller",
        "{{ $value }} controllers are active. Without one no leader is elected and no topic is changed." });
    if (!p->kraft)
        return;
    quorum(r, r->controllers, p->controllers, restart_minutes(p, ROLE_CONTROLLER),
           "KafkaControllerQuorumAtRisk", "KafkaControllerQuorumLost");
    if (p->line < KAFKA(3, 3))
        return;
    add(r, &r->quorum, (struct alert){ "KafkaFencedBrokers", "warning", restart_minutes(p, ROLE_BROKER),
        str_join(a, "max(kafka_controller_kafkacontroller_fencedbrokercount{", r->controllers, "}) > 0", NULL),
        "Registered brokers are not in service",
        "{{ $value }} brokers are fenced: they run no partitions because the controller does not hear from them." });
    add(r, &r->quorum, (struct alert){ "KafkaMetadataErrors", "warning", 1,
        str_join(a, "kafka_controller_kafkacontroller_metadataerrorcount{", r->controllers, "} > 0", NULL),
        "A controller failed to process the metadata log",
        "{{ $labels.pod }} has counted {{ $value }} errors since its start; its log tells which record." });
}

static void zookeeper(struct rules *r)
{
    struct arena *a = r->a;
    const struct plan *p = r->p;
    if (p->jmx.used && !p->kraft)
        add(r, &r->quorum, (struct alert){ "KafkaZooKeeperSessionsExpire", "warning", 0,
            str_join(a, "increase(kafka_server_sessionexpirelistener_zookeeperexpires_total{", r->brokers,
                     "}[15m]) > 0", NULL),
            "A broker lost its ZooKeeper session",
            "{{ $labels.pod }} was out of the cluster until it had registered again: long pauses, or a slow ensemble." });
    if (!p->zookeeper_jmx.used)
        return;
    quorum(r, r->zookeeper, p->components[COMP_ZOOKEEPER].pods, restart_minutes(p, ROLE_ZOOKEEPER),
           "ZooKeeperQuorumAtRisk", "ZooKeeperQuorumLost");
    add(r, &r->quorum, (struct alert){ "ZooKeeperRequestsWait", "warning", 10,
        str_join(a, "zookeeper_outstandingrequests{", r->zookeeper, "} > 10", NULL),
        "ZooKeeper is slower than its clients ask",
        "{{ $value }} requests wait in {{ $labels.pod }}: look at its disk first." });
}

/* Claims are called <volume>-<pod>, volumes "data" or "data-<n>". */
static const char *claims(struct arena *a, const struct plan *p)
{
    struct text t = { .a = a };
    text_join(&t, "namespace=\"", p->d->namespace_, "\",persistentvolumeclaim=~\"data(-[0-9]+)?-", NULL);
    add_pods(&t, p, ROLE_WITH_CLAIMS);
    text_char(&t, '"');
    return text_str(&t);
}

static void disks(struct rules *r)
{
    struct arena *a = r->a;
    if (workloads(r->p, ROLE_WITH_CLAIMS) == 0)
        return;
    const char *of   = claims(a, r->p);
    const char *left = str_join(a, "kubelet_volume_stats_available_bytes{", of, "}", NULL);
    const char *part = str_join(a, left, " / kubelet_volume_stats_capacity_bytes{", of, "}", NULL);
    add(r, &r->disks, (struct alert){ "KafkaDiskNearlyFull", "critical", 5, str_join(a, part, " < 0.1", NULL),
        "A data volume is nearly full",
        "{{ $value | humanizePercentage }} of {{ $labels.persistentvolumeclaim }} are free. "
        "A broker stops when its disk is full." });
    add(r, &r->disks, (struct alert){ "KafkaDiskFilling", "warning", 60,
        str_join(a, part, " < 0.4 and predict_linear(", str_replace(a, left, "}", "}[6h]"), ", 4 * 24 * 3600) < 0", NULL),
        "A data volume will be full within four days",
        "{{ $value | humanizePercentage }} of {{ $labels.persistentvolumeclaim }} are free, and it grows: "
        "shorten retention or grow the volume." });
}

static void lag(struct rules *r)
{
    struct arena *a = r->a;
    const char *of  = str_join(a, "namespace=\"", r->p->d->namespace_, "\",pod=~\"", emit_lag_exporter_name(a, r->p),
                               "-.+\"", NULL);
    const char *sum = str_join(a, "kafka_consumergroup_lag_sum{", of, "}", NULL);
    add(r, &r->lag, (struct alert){ "KafkaConsumerLagGrows", "warning", 30,
        str_join(a, sum, " > 1000 and deriv(", sum, "[30m]) > 0", NULL),
        "A consumer group falls behind",
        "{{ $labels.consumergroup }} is {{ $value }} records behind on {{ $labels.topic }}, and the distance grows." });
    add(r, &r->lag, (struct alert){ "KafkaLagExporterDown", "warning", 15,
        str_join(a, up(a, of), " < 1", NULL),
        "Nobody watches consumer lag",
        "The lag exporter does not run, cannot reach Kafka, or is not scraped." });
}

static struct val group(struct arena *a, const struct plan *p, const char *name, const struct vals *rules)
{
    return rules->len == 0 ? t_none() : MAP(a,
        { "name",  t_str(str_join(a, p->d->name, "-", name, NULL)) },
        { "rules", vals_done(rules) });
}

static void collect(struct rules *r)
{
    if (r->p->jmx.used) {
        partitions(r);
        brokers(r);
        load(r);
        controllers(r);
    }
    zookeeper(r);
    disks(r);
    if (r->p->lag.image != NULL && r->p->d->monitoring.prometheus != PROM_NONE)
        lag(r);
}

void emit_rules(struct arena *a, const struct plan *p, struct vals *out)
{
    struct rules r = { .a = a, .p = p, .kafka = { .a = a }, .quorum = { .a = a }, .disks = { .a = a }, .lag = { .a = a },
        .brokers = pods(a, p, ROLE_BROKER), .controllers = pods(a, p, ROLE_CONTROLLER),
        .zookeeper = pods(a, p, ROLE_ZOOKEEPER) };
    collect(&r);
    const struct val groups = SEQ(a,
        group(a, p, "kafka", &r.kafka), group(a, p, "quorum", &r.quorum),
        group(a, p, "disks", &r.disks), group(a, p, "lag", &r.lag));
    if (groups.kind == V_NONE)
        return;
    vals_add(out, k8s_object(a, p, "monitoring.coreos.com/v1", "PrometheusRule", p->d->name,
                             tree_overlay(a, p->labels, p->d->monitoring.labels), t_none(), MAP(a, { "groups", groups })));
}
