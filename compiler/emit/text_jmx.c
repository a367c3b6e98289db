/* Mapping configs of the Prometheus JMX exporter: which beans are read, and what their series are called.
 *
 * Only the beans listed are queried, and none that exists once a topic, partition or client: a broker with ten thousand
 * partitions answers a scrape as fast as an empty one. Names follow the custom of Kafka dashboards
 * (kafka_server_replicamanager_underreplicatedpartitions). The exporter turns '-' in names into '_'; its releases from 1.0
 * on add _total to every COUNTER and drop _info, _created and _bucket from any name, so what is no _total is not called
 * a counter here. rules.c uses these names. Beans: Kafka's and ZooKeeper's documentation, "Monitoring" and "JMX". */
#include "emit/emit.h"

#include "base/text.h"

static const char head[] =
    "lowercaseOutputName: true\n"
    "lowercaseOutputLabelNames: true\n"
    "includeObjectNames:\n";

static const char kafka_beans[] =
    "  - kafka.controller:type=ControllerEventManager,name=*\n"
    "  - kafka.controller:type=ControllerStats,name=*\n"
    "  - kafka.controller:type=KafkaController,name=*\n"
    "  - kafka.coordinator.group:type=GroupMetadataManager,name=*\n"
    "  - kafka.log:type=LogCleaner,name=*\n"
    "  - kafka.log:type=LogCleanerManager,name=*,logDirectory=*\n"
    "  - kafka.log:type=LogFlushStats,name=*\n"
    "  - kafka.log:type=LogManager,name=*\n"
    "  - kafka.log:type=LogManager,name=LogDirectoryOffline,logDirectory=*\n"
    "  - kafka.network:type=RequestChannel,name=*\n"
    "  - kafka.network:type=RequestMetrics,name=*TimeMs,request=FetchConsumer\n"
    "  - kafka.network:type=RequestMetrics,name=*TimeMs,request=FetchFollower\n"
    "  - kafka.network:type=RequestMetrics,name=*TimeMs,request=Produce\n"
    "  - kafka.network:type=SocketServer,name=*\n"
    "  - kafka.server:type=BrokerTopicMetrics,name=*\n"
    "  - kafka.server:type=DelayedOperationPurgatory,name=PurgatorySize,delayedOperation=*\n"
    "  - kafka.server:type=KafkaRequestHandlerPool,name=*\n"
    "  - kafka.server:type=KafkaServer,name=BrokerState\n"
    "  - kafka.server:type=ReplicaFetcherManager,name=*,clientId=Replica\n"
    "  - kafka.server:type=ReplicaManager,name=*\n"
    "  - kafka.server:type=app-info,id=*\n"
    "  - kafka.server:type=socket-server-metrics,listener=*,networkProcessor=*\n";

static const char kraft_beans[] =
    "  - kafka.server:type=MetadataLoader,name=*\n"
    "  - kafka.server:type=SnapshotEmitter,name=*\n"
    "  - kafka.server:type=broker-metadata-metrics\n"
    "  - kafka.server:type=raft-metrics\n";

static const char zookeeper_client_beans[] =
    "  - kafka.server:type=SessionExpireListener,name=*\n"
    "  - kafka.server:type=ZooKeeperClientMetrics,name=*\n";

/* The first rule that matches is used; what matches none is dropped. */
static const char kafka_rules[] =
    "rules:\n"
    "  # Meters: the count alone, Prometheus makes the rates.\n"
    "  - pattern: 'kafka\\.(\\w+)<type=(\\w+), name=(\\w+)PerSec><>Count'\n"
    "    name: kafka_$1_$2_$3_total\n"
    "    type: COUNTER\n"
    "  # Idle ratios, 0 to 1: a gauge, or a meter whose one-minute rate is the ratio.\n"
    "  - pattern: 'kafka\\.(\\w+)<type=(\\w+), name=(\\w+)Percent><>(?:OneMinuteRate|Value)'\n"
    "    name: kafka_$1_$2_$3_percent\n"
    "    type: GAUGE\n"
    "  # Request and event times.\n"
    "  - pattern: 'kafka\\.network<type=RequestMetrics, name=TotalTimeMs, request=(\\w+)><>Count'\n"
    "    name: kafka_network_requestmetrics_requests_total\n"
    "    type: COUNTER\n"
    "    labels:\n"
    "      request: \"$1\"\n"
    "  - pattern: 'kafka\\.network<type=RequestMetrics, name=(\\w+), request=(\\w+)><>(50|95|99|999)thPercentile'\n"
    "    name: kafka_network_requestmetrics_$1\n"
    "    type: GAUGE\n"
    "    labels:\n"
    "      request: \"$2\"\n"
    "      quantile: \"0.$3\"\n"
    "  - pattern: 'kafka\\.(\\w+)<type=(\\w+), name=(\\w+Ms)><>(50|95|99|999)thPercentile'\n"
    "    name: kafka_$1_$2_$3\n"
    "    type: GAUGE\n"
    "    labels:\n"
    "      quantile: \"0.$4\"\n"
    "  - pattern: 'kafka\\.(\\w+)<type=(\\w+), name=(\\w+Ms)><>Count'\n"
    "    name: kafka_$1_$2_$3_count\n"
    "    type: UNTYPED\n"
    "  # Gauges of one log directory, one purgatory, the replica fetchers.\n"
    "  - pattern: 'kafka\\.log<type=(\\w+), name=([\\w-]+), logDirectory=\"?([^\"]+)\"?><>Value'\n"
    "    name: kafka_log_$1_$2\n"
    "    type: GAUGE\n"
    "    labels:\n"
    "      directory: \"$3\"\n"
    "  - pattern: 'kafka\\.server<type=(\\w+), name=(\\w+), delayedOperation=(\\w+)><>Value'\n"
    "    name: kafka_server_$1_$2\n"
    "    type: GAUGE\n"
    "    labels:\n"
    "      operation: \"$3\"\n"
    "  - pattern: 'kafka\\.server<type=ReplicaFetcherManager, name=(\\w+), clientId=Replica><>Value'\n"
    "    name: kafka_server_replicafetchermanager_$1\n"
    "    type: GAUGE\n"
    "  # Connections, a listener and network thread each.\n"
    "  - pattern: 'kafka\\.server<type=socket-server-metrics, listener=([^,]+), networkProcessor=(\\d+)><>connection-count'\n"
    "    name: kafka_server_socket_server_metrics_connection_count\n"
    "    type: GAUGE\n"
    "    labels:\n"
    "      listener: \"$1\"\n"
    "      processor: \"$2\"\n"
    "  - pattern: 'kafka\\.server<type=socket-server-metrics, listener=([^,]+), networkProcessor=(\\d+)>"
        "<>(connection-creation|connection-close|failed-authentication|successful-authentication)-total'\n"
    "    name: kafka_server_socket_server_metrics_$3_total\n"
    "    type: COUNTER\n"
    "    labels:\n"
    "      listener: \"$1\"\n"
    "      processor: \"$2\"\n"
    "  - pattern: 'kafka\\.server<type=app-info, id=[^>]*><>Version: ([\\w.-]+)'\n"
    "    name: kafka_server_app_version\n"
    "    value: 1\n"
    "    type: GAUGE\n"
    "    labels:\n"
    "      version: \"$1\"\n";

static const char kraft_rules[] =
    "  # The quorum as this node sees it; a state is a label of the value 1.\n"
    "  - pattern: 'kafka\\.server<type=raft-metrics><>current-state: ([\\w-]+)'\n"
    "    name: kafka_server_raftmetrics_current_state\n"
    "    value: 1\n"
    "    type: GAUGE\n"
    "    labels:\n"
    "      state: \"$1\"\n"
    "  - pattern: 'kafka\\.server<type=raft-metrics><>([\\w-]+)'\n"
    "    name: kafka_server_raftmetrics_$1\n"
    "    type: GAUGE\n"
    "  - pattern: 'kafka\\.server<type=broker-metadata-metrics><>([\\w-]+)'\n"
    "    name: kafka_server_brokermetadatametrics_$1\n"
    "    type: GAUGE\n";

static const char zookeeper_client_rules[] =
    "  # The broker's session with ZooKeeper; a state is a label of the value 1.\n"
    "  - pattern: 'kafka\\.server<type=SessionExpireListener, name=SessionState><>Value: (\\w+)'\n"
    "    name: kafka_server_sessionexpirelistener_sessionstate\n"
    "    value: 1\n"
    "    type: GAUGE\n"
    "    labels:\n"
    "      state: \"$1\"\n";

static const char kafka_gauges[] =
    "  # All other gauges.\n"
    "  - pattern: 'kafka\\.coordinator\\.(\\w+)<type=(\\w+), name=(\\w+)><>Value'\n"
    "    name: kafka_coordinator_$1_$2_$3\n"
    "    type: GAUGE\n"
    "  - pattern: 'kafka\\.(\\w+)<type=(\\w+), name=([\\w-]+)><>Value'\n"
    "    name: kafka_$1_$2_$3\n"
    "    type: GAUGE\n";

/* What changes while a server runs; the rest repeats its configuration. */
#define ZOOKEEPER_GAUGES \
    "(AuthFailedCount|AvgRequestLatency|DataDirSize|ElectionTimeTaken|FsyncThresholdExceedCount|LogDirSize|" \
    "MaxRequestLatency|NumAliveConnections|OutstandingRequests|PendingRevalidationCount|TxnLogElapsedSyncTime)"

/* A member of an ensemble shows its beans below name1 (the replica) and name2 (the role it has now). Those of single
 * client connections lie deeper and are not read. */
static const char ensemble[] =
    "  - org.apache.ZooKeeperService:name0=*\n"
    "  - org.apache.ZooKeeperService:name0=*,name1=*,name2=*\n"
    "  - org.apache.ZooKeeperService:name0=*,name1=*,name2=*,name3=InMemoryDataTree\n"
    "rules:\n"
    "  - pattern: 'org\\.apache\\.ZooKeeperService<name0=ReplicatedServer_id\\d+><>QuorumSize'\n"
    "    name: zookeeper_quorumsize\n"
    "    type: GAUGE\n"
    "  - pattern: 'org\\.apache\\.ZooKeeperService<name0=ReplicatedServer_id\\d+, name1=replica\\.\\d+, name2=(\\w+)>"
        "<>(PacketsReceived|PacketsSent)'\n"
    "    name: zookeeper_$2_total\n"
    "    type: COUNTER\n"
    "    labels:\n"
    "      role: \"$1\"\n"
    "  - pattern: 'org\\.apache\\.ZooKeeperService<name0=ReplicatedServer_id\\d+, name1=replica\\.\\d+, name2=(\\w+), "
        "name3=InMemoryDataTree><>(\\w+)'\n"
    "    name: zookeeper_inmemorydatatree_$2\n"
    "    type: GAUGE\n"
    "    labels:\n"
    "      role: \"$1\"\n"
    "  - pattern: 'org\\.apache\\.ZooKeeperService<name0=ReplicatedServer_id\\d+, name1=replica\\.\\d+, name2=(\\w+)>"
        "<>" ZOOKEEPER_GAUGES "'\n"
    "    name: zookeeper_$2\n"
    "    type: GAUGE\n"
    "    labels:\n"
    "      role: \"$1\"\n";

static const char standalone[] =
    "  - org.apache.ZooKeeperService:name0=*\n"
    "  - org.apache.ZooKeeperService:name0=*,name1=InMemoryDataTree\n"
    "rules:\n"
    "  - pattern: 'org\\.apache\\.ZooKeeperService<name0=StandaloneServer_port-?\\d+><>(PacketsReceived|PacketsSent)'\n"
    "    name: zookeeper_$1_total\n"
    "    type: COUNTER\n"
    "  - pattern: 'org\\.apache\\.ZooKeeperService<name0=StandaloneServer_port-?\\d+, name1=InMemoryDataTree><>(\\w+)'\n"
    "    name: zookeeper_inmemorydatatree_$1\n"
    "    type: GAUGE\n"
    "  - pattern: 'org\\.apache\\.ZooKeeperService<name0=StandaloneServer_port-?\\d+><>" ZOOKEEPER_GAUGES "'\n"
    "    name: zookeeper_$1\n"
    "    type: GAUGE\n";

const char *emit_jmx_kafka(struct arena *a, const struct plan *p)
{
    return str_join(a, head, kafka_beans, p->kraft ? kraft_beans : zookeeper_client_beans,
                    kafka_rules, p->kraft ? kraft_rules : zookeeper_client_rules, kafka_gauges, NULL);
}

const char *emit_jmx_zookeeper(struct arena *a, const struct plan *p)
{
    return str_join(a, head, p->components[COMP_ZOOKEEPER].pods > 1 ? ensemble : standalone, NULL);
}
