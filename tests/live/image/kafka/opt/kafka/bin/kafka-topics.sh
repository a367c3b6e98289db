#!/bin/bash
# The class moved from the core to the tools in 3.7.
home=$(dirname "$0")/..
class=org.apache.kafka.tools.TopicCommand
case $(echo "$home"/libs/kafka-clients-*.jar) in
*-2.* | *-3.[0-6].*) class=kafka.admin.TopicCommand ;;
esac
exec "$home/bin/kafka-run-class.sh" $class "$@"
