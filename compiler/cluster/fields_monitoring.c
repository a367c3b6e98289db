/* fields_monitoring.c: the part of the field table about metrics and logs (fields.h). */
#include "cluster/rows.h"

static const struct field exporter_fields[] = {
    { .name = "port", .kind = F_INT, AT(exporter, port), .min = 1024, .max = 65535, .def = "9404",
      .doc = "Port of /metrics on every Kafka and ZooKeeper pod." },
    { .name = "image", .kind = F_STR, AT(exporter, image), .example = "mirror.example.com/jmx-exporter:1.6.0",
      .doc = "Image that the JMX exporter's agent jar is taken from. Not needed when the Kafka image holds it (strimzi)." },
    { .name = "jar", .kind = F_STR, AT(exporter, jar), .example = "/opt/jmx_prometheus_javaagent.jar",
      .doc = "Path of the agent jar in the image that holds it." },
    { .name = "source", .kind = F_ENUM, AT(exporter, source), .choices = "auto image volume copy", .def = "auto",
      .doc = "image: the jar is in the Kafka image; volume: `image` is mounted (Kubernetes 1.35); copy: an init container "
             "copies it. auto: image for strimzi, else volume where it works (not on OpenShift), else copy." },
    { .name = NULL }
};

static const struct type exporter_type = { .name = "exporter", .size = sizeof(struct exporter),
    .fields = exporter_fields, .short_for = "image" };

static const struct field lag_exporter_fields[] = {
    { .name = "enabled", .kind = F_BOOL, AT(lag_exporter, enabled), .def = "present",
      .doc = "Run a consumer lag exporter beside the cluster." },
    { .name = "image", .kind = F_STR, AT(lag_exporter, image), .def = "danielqsj/kafka-exporter:v1.9.0",
      .doc = "Image of kafka_exporter." },
    { .name = "user", .kind = F_STR, AT(lag_exporter, user), .example = "lag-exporter",
      .doc = "Entry of `users` that it is, where clients log in: by certificate, SCRAM or PLAIN, with `admin: [describe]` where rules "
             "count. Its password is read from the mounted Secret, and must not begin with '-', '@' or '#'." },
    { .name = "secret", .kind = F_STR, AT(lag_exporter, secret), .example = "lag-exporter-tls",
      .doc = "Secret with ca.crt, and tls.crt and tls.key where the listener asks for a certificate. Left out: the trusted certificates "
             "come from the Secret of the nodes, its own from <name>-user-<user>-tls, which `gregor build --secrets` or a Certificate "
             "of cert-manager makes." },
    { .name = "cpu", .kind = F_CPU, AT(lag_exporter, cpu), .min = 10, .max = 16000, .unit = "millicores", .def = "50m",
      .doc = "Requested processors." },
    { .name = "memory", .kind = F_BYTES, AT(lag_exporter, memory), .min = 16 * MiB, .max = 64 * GiB, .unit = "bytes",
      .def = "64Mi", .doc = "Requested memory." },
    { .name = "limits", .kind = F_OBJECT, AT(lag_exporter, limits), .type = &limits_type, .doc = "Resource limits." },
    { .name = NULL }
};

static const struct type lag_exporter_type = { .name = "lagExporter", .size = sizeof(struct lag_exporter),
    .fields = lag_exporter_fields, .short_for = "enabled" };

static const struct field monitoring_fields[] = {
    { .name = "prometheus", .kind = F_ENUM, AT(monitoring, prometheus), .choices = "none annotations monitors",
      .def = "none",
      .doc = "annotations: prometheus.io/* on the pods; monitors: PodMonitor and ServiceMonitor objects of the Prometheus "
             "operator. Both run the JMX exporter in every pod." },
    { .name = "exporter", .kind = F_OBJECT, AT(monitoring, exporter), .type = &exporter_type,
      .doc = "The JMX exporter agent." },
    { .name = "rules", .kind = F_BOOL, AT(monitoring, rules), .def = "false",
      .doc = "Emit a PrometheusRule whose thresholds come from this description (needs the Prometheus operator)." },
    { .name = "interval", .kind = F_MS, AT(monitoring, interval), .min = 1 * SECOND, .max = 1 * HOUR, .unit = "ms",
      .def = "30s", .doc = "Scrape interval of the monitors." },
    { .name = "labels", .kind = F_LABELS, AT(monitoring, labels), .example = "{release: prometheus}",
      .doc = "Labels of monitors and rules, for a Prometheus that selects by them." },
    { .name = "lagExporter", .kind = F_OBJECT, AT(monitoring, lag), .type = &lag_exporter_type,
      .doc = "Consumer lag exporter; `true` is short for `{enabled: true}`." },
    { .name = NULL }
};

const struct type monitoring_type = { .name = "monitoring", .size = sizeof(struct monitoring),
    .fields = monitoring_fields, .short_for = "prometheus" };

static const struct field logging_fields[] = {
    { .name = "root", .kind = F_STR, AT(logging, root), .choices = "TRACE DEBUG INFO WARN ERROR FATAL OFF",
      .def = "INFO", .doc = "Level of the root logger." },
    { .name = "loggers", .kind = F_TEXTS, AT(logging, loggers), .example = "{kafka.request.logger: WARN}",
      .doc = "Levels of single loggers." },
    { .name = NULL }
};

const struct type logging_type = { .name = "logging", .size = sizeof(struct logging), .fields = logging_fields,
    .short_for = "root" };
