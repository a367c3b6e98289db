#!/bin/bash
# Stands for the script of the same name in ZooKeeper's distribution, which the jars do not hold: same variables, same
# defaults; only what a container uses.
home=$(cd "$(dirname "${BASH_SOURCE[0]}")/.." && pwd)
[ "$1" = start-foreground ] || { echo "usage: $0 start-foreground [zoo.cfg]" >&2; exit 1; }
ZOOCFGDIR=${ZOOCFGDIR:-$home/conf}
case ${2:-zoo.cfg} in
/*) config=$2 ;;
*)  config=$ZOOCFGDIR/${2:-zoo.cfg} ;;
esac
[ ! -e "$ZOOCFGDIR/java.env" ] || . "$ZOOCFGDIR/java.env"

jmx=
if [ "${JMXDISABLE:-false}" = false ]; then
    jmx="-Dcom.sun.management.jmxremote -Dcom.sun.management.jmxremote.local.only=${JMXLOCALONLY:-false}"
    [ -z "$JMXPORT" ] || jmx="$jmx -Dcom.sun.management.jmxremote.port=$JMXPORT -Dcom.sun.management.jmxremote.authenticate=false -Dcom.sun.management.jmxremote.ssl=false"
fi
echo "Using config: $config" >&2
java=${JAVA_HOME:+$JAVA_HOME/bin/}java
exec $java -Dzookeeper.log.dir="${ZOO_LOG_DIR:-$home/logs}" -Dzookeeper.log.file=zookeeper.log \
    -XX:+HeapDumpOnOutOfMemoryError -XX:OnOutOfMemoryError='kill -9 %p' -cp "$ZOOCFGDIR:$home/lib/*" \
    -Xmx"${ZK_SERVER_HEAP:-1000}"m $SERVER_JVMFLAGS $JVMFLAGS $jmx org.apache.zookeeper.server.quorum.QuorumPeerMain "$config"
