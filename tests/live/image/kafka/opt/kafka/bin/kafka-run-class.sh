#!/bin/bash
# Stands for the script of the same name in Kafka's distribution, which the jars do not hold: same variables, same defaults. The class data
# archive is that of the image; one tier of compilation is ours: a JVM here lives for a minute, and many share the machine.
[ $# -ge 1 ] || { echo "usage: $0 [-name NAME] [-loggc] CLASS [OPTION]..." >&2; exit 1; }
home=$(cd "$(dirname "$0")/.." && pwd)
LOG_DIR=${LOG_DIR:-$home/logs}

if [ -z "$KAFKA_LOG4J_OPTS" ]; then # a tool: the console only
    if [ -e "$home"/libs/log4j-core-*.jar ]; then
        KAFKA_LOG4J_OPTS=-Dlog4j2.configurationFile=$home/config/tools-log4j2.yaml
    else
        KAFKA_LOG4J_OPTS=-Dlog4j.configuration=file:$home/config/tools-log4j.properties
    fi
else
    [ -d "$LOG_DIR" ] || mkdir -p "$LOG_DIR"
fi
KAFKA_JMX_OPTS=${KAFKA_JMX_OPTS:--Dcom.sun.management.jmxremote=true -Dcom.sun.management.jmxremote.authenticate=false -Dcom.sun.management.jmxremote.ssl=false}
[ -z "$JMX_PORT" ] || KAFKA_JMX_OPTS="$KAFKA_JMX_OPTS -Dcom.sun.management.jmxremote.port=$JMX_PORT"
KAFKA_HEAP_OPTS=${KAFKA_HEAP_OPTS:--Xmx256M}
KAFKA_JVM_PERFORMANCE_OPTS=${KAFKA_JVM_PERFORMANCE_OPTS:--server -XX:+UseG1GC -XX:MaxGCPauseMillis=20 -XX:InitiatingHeapOccupancyPercent=35 -XX:+ExplicitGCInvokesConcurrent -Djava.awt.headless=true}

name=kafka gc=
while [ $# -gt 0 ]; do
    case $1 in
    -name)  name=$2; shift 2 ;;
    -loggc) gc="-Xlog:gc*:file=$LOG_DIR/$name-gc.log:time,tags:filecount=10,filesize=100M"; shift ;;
    *)      break ;;
    esac
done
java="${JAVA_HOME:+$JAVA_HOME/bin/}java -XX:TieredStopAtLevel=1"
[ -r "$home/kafka.jsa" ] && java="$java -XX:SharedArchiveFile=$home/kafka.jsa"
exec $java $KAFKA_HEAP_OPTS $KAFKA_JVM_PERFORMANCE_OPTS $gc $KAFKA_JMX_OPTS -Dkafka.logs.dir="$LOG_DIR" $KAFKA_LOG4J_OPTS \
    -cp "$home/libs/*" $KAFKA_OPTS "$@"
