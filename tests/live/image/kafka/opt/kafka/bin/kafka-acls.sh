#!/bin/bash
# The class moved from the core to the tools in 4.0.
home=$(dirname "$0")/..
class=org.apache.kafka.tools.AclCommand
case $(echo "$home"/libs/kafka-clients-*.jar) in
*-2.* | *-3.*) class=kafka.admin.AclCommand ;;
esac
exec "$home/bin/kafka-run-class.sh" $class "$@"
