#include "emit/pods.h"

#include "model/kafka.h"
#include "plan/parts.h"

/* bash, because every Kafka script needs it already, and its /dev/tcp needs no other tool in the image. Kafka's own tool is asked
 * only until its answer was good once: a JVM every ten seconds would cost more than an idle broker. */

/* What the user gave the container's JVMs (agents, ports) is not for a second one beside the server, which should start fast. */
#define TOOL_ENV                                                                           \
    "unset KAFKA_OPTS KAFKA_JMX_OPTS JMX_PORT KAFKA_DEBUG\n"                                \
    "export KAFKA_JVM_PERFORMANCE_OPTS='-XX:+UseSerialGC -XX:TieredStopAtLevel=1'\n"

/* The id of this node: the first line of its file (plan/config.c). */
#define NODE_ID                                                                            \
    "read -r line <" NODE_DIR "/server.properties\n"                                       \
    "id=${line#*=}\n"

/* How a readiness probe begins: who does not answer is not ready, and who was ready once stays so while it answers. */
static const char *ready_begin(struct arena *a, int64_t port)
{
    return str_join(a,
        "(: <>/dev/tcp/127.0.0.1/", str_int(a, port), ") 2>/dev/null || exit 1\n"
        "test -f /tmp/ready && exit 0\n"
        TOOL_ENV, NULL);
}

static const char *client_of(struct arena *a, const struct plan *p, const struct port *port)
{
    struct text t = { .a = a };
    if (!port->tls && port->login == NULL)
        return NULL;
    plan_property(&t, "security.protocol", port->protocol);
    plan_property(&t, "config.providers", "dir");
    plan_property(&t, "config.providers.dir.class", PLAN_DIR_PROVIDER);
    if (port->tls)
        plan_tls_files(&t, p);
    if (port->login != NULL)
        plan_sasl_client(&t, port);
    return text_str(&t);
}

const char *scripts_client_config(struct arena *a, const struct plan *p)
{
    const char *brokers = client_of(a, p, p->inter_broker);
    return brokers != NULL || !p->kraft ? brokers : client_of(a, p, &p->controller_port);
}

const char *scripts_controller_client(struct arena *a, const struct plan *p)
{
    const char *controllers = p->kraft ? client_of(a, p, &p->controller_port) : NULL;
    return controllers == NULL || str_eq(controllers, scripts_client_config(a, p)) ? NULL : controllers;
}

/* Where a tool beside the server connects: with TLS under the name that the certificate holds. A further line begins with `indent`. */
static const char *here(struct arena *a, const struct plan *p, const struct port *port, const char *indent)
{
    const bool other = port == &p->controller_port && scripts_controller_client(a, p) != NULL;
    const char *host = !port->tls ? "127.0.0.1"
        : str_join(a, "$POD_NAME.", p->nodes_service, ".", p->d->namespace_, ".svc.", p->d->cluster_domain, NULL);
    const char *at = str_join(a, host, ":", str_int(a, port->port), NULL);
    return !port->tls && port->login == NULL ? at
        : str_join(a, at, " \\\n", indent, "--command-config " COMMON_DIR "/", other ? CONTROLLER_CLIENT_FILE : CLIENT_FILE, NULL);
}

/* Prints the partitions of which a copy is missing, in a script that is two blanks deep. */
static const char *list_lacking(struct arena *a, const struct plan *p)
{
    return str_join(a, plan_script(a, p, "kafka-topics"), " \\\n"
        "    --bootstrap-server ", here(a, p, p->inter_broker, "    "), " --describe --under-replicated-partitions", NULL);
}

const char *scripts_broker_ready(struct arena *a, const struct plan *p)
{
    return str_join(a,
        "#!/bin/bash\n"
        "# Readiness of a broker: it answers, and each of its replicas is in sync again. A rolling update that waits\n"
        "# for this never takes two copies of a partition at once. A replica that cannot catch up holds the update\n"
        "# for 15 minutes, not for ever.\n",
        ready_begin(a, p->inter_broker->port),
        "printf -v now '%(%s)T' -1\n"
        "test -f /tmp/waiting || echo \"$now\" >/tmp/waiting\n"
        "read -r since </tmp/waiting\n"
        NODE_ID
        "if (( now - since < 900 )); then\n"
        "  partitions=$(", list_lacking(a, p), ") || exit 1\n"
        "  while read -r line; do\n"
        "    [[ $line == *Replicas:*Isr:* ]] || continue\n"
        "    replicas=${line#*Replicas: } isr=${line#*Isr: }\n"
        "    replicas=,${replicas%%[[:space:]]*}, isr=,${isr%%[[:space:]]*},\n"
        "    [[ $replicas != *,$id,* || $isr == *,$id,* ]] || exit 1\n"
        "  done <<<\"$partitions\"\n"
        "fi\n"
        "touch /tmp/ready\n", NULL);
}

/* The set that goes first needs no calm, so its brokers go on while the others wait; each later one needs longer, so no two
 * see their turn at the same moment. What is asked is the whole cluster: a drained or crashed broker counts too. */
static const char *coordinators(struct arena *a, const struct plan *p)
{
    struct text t = { .a = a };
    for (uint32_t i = 0; i < p->zookeeper.server_count; i++)
        text_join(&t, " \\\n      ", p->zookeeper.servers[i].host, "/", str_int(a, p->zookeeper.servers[i].port), NULL);
    for (uint32_t i = 0; i < p->workload_count; i++)
        for (uint32_t n = 0; p->workloads[i].is_controller && n < p->workloads[i].node_count; n++)
            text_join(&t, " \\\n      ", p->workloads[i].nodes[n].fqdn, "/", str_int(a, CONTROLLER_PORT), NULL);
    return text_str(&t);
}

const char *scripts_broker_stop(struct arena *a, const struct plan *p)
{
    return str_join(a,
        "#!/bin/bash\n"
        "# Before a broker stops: `broker-stop.sh TURN SECONDS`. Kubernetes updates StatefulSets side by side, so brokers of\n"
        "# several take turns: a broker of set TURN stops once no partition has lacked a copy for 30 seconds times TURN,\n"
        "# or after SECONDS. When ", p->kraft ? "no controller" : "no ZooKeeper",
        " answers, the cluster as a whole is going.\n"
        "going() {\n"
        "  local host\n"
        "  for host in", coordinators(a, p), "; do\n"
        "    (: <>\"/dev/tcp/$host\") 2>/dev/null && return 1\n"
        "  done\n"
        "  return 0\n"
        "}\n"
        TOOL_ENV
        "printf -v start '%(%s)T' -1\n"
        "calm=$start\n"
        "while :; do\n"
        "  lacking=$(", list_lacking(a, p), ") || exit 0\n"
        "  printf -v now '%(%s)T' -1\n"
        "  if [[ $lacking == *Isr:* ]]; then\n"
        "    calm=$now\n"
        "  elif (( now - calm >= 30 * $1 )); then\n"
        "    exit 0\n"
        "  fi\n"
        "  (( now - start < $2 )) || exit 0\n"
        "  going && exit 0\n"
        "  sleep 5\n"
        "done\n", NULL);
}

/* `kafka-metadata-quorum --bootstrap-controller` came with 3.7 (KIP-919). */
const char *scripts_controller_ready(struct arena *a, const struct plan *p)
{
    if (p->line < KAFKA(3, 7))
        return NULL;
    return str_join(a,
        "#!/bin/bash\n"
        "# Readiness of a controller: it answers, the quorum has a leader, and this voter has caught up with it. A\n"
        "# rolling update that waits for this always leaves a majority.\n",
        ready_begin(a, CONTROLLER_PORT),
        NODE_ID
        "voters=$(", plan_script(a, p, "kafka-metadata-quorum"), " \\\n"
        "  --bootstrap-controller ", here(a, p, &p->controller_port, "  "), " describe --replication) || exit 1\n"
        "while read -r node directory end lag rest; do\n"
        "  [[ $directory =~ ^[0-9]+$ ]] && lag=$end\n"
        "  [[ $node == \"$id\" && $lag =~ ^[0-9]+$ ]] && (( lag < 100 )) && touch /tmp/ready && exit 0\n"
        "done <<<\"$voters\"\n"
        "exit 1\n", NULL);
}
