#!/bin/bash
# Stands for the script of the same name in Kafka's distribution.
[ $# -ge 1 ] || { echo "usage: $0 server.properties [--override KEY=VALUE]..." >&2; exit 1; }
bin=$(dirname "$0")
if [ -z "$KAFKA_LOG4J_OPTS" ]; then
    if [ -e "$bin"/../libs/log4j-core-*.jar ]; then
        export KAFKA_LOG4J_OPTS=-Dlog4j2.configurationFile=$bin/../config/log4j2.yaml
    else
        export KAFKA_LOG4J_OPTS=-Dlog4j.configuration=file:$bin/../config/log4j.properties
    fi
fi
export KAFKA_HEAP_OPTS=${KAFKA_HEAP_OPTS:--Xmx1G -Xms1G}
exec "$bin/kafka-run-class.sh" ${EXTRA_ARGS--name kafkaServer -loggc} kafka.Kafka "$@"
