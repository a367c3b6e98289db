#!/bin/bash
# Kafka reads back every name and password that gregor quotes in a JAAS text inside a properties file: tests/test_jaas.sh path/to/gregor
# Needs Java and Kafka's client jars: those of KAFKA_JARS, a folder, or those that the live runs have fetched.
set -u
cases=$(dirname "$(realpath "${1:?path of gregor}")")/tests/test_jaas
cd "$(dirname "$0")/.." || exit 1
type -P java >/dev/null || { echo "skipped: no java"; exit 77; }
jars=
for folder in ${KAFKA_JARS:-} build/live/software/kafka-*; do
    compgen -G "$folder/kafka-clients-*.jar" >/dev/null && jars=$folder
done
[[ -n $jars ]] || { echo "skipped: no Kafka jars (KAFKA_JARS, or make live)"; exit 77; }
slf4j=$(compgen -G "$jars/slf4j-api-*.jar" | head -1)
"$cases" emit | java -XX:TieredStopAtLevel=1 -cp "$(compgen -G "$jars/kafka-clients-*.jar" | head -1):$slf4j" tests/java/Jaas.java 2>&1 |
    grep -v SLF4J
exit "${PIPESTATUS[1]}"
