#!/bin/bash
# Makes the SCRAM user that brokers log in with where they look for it, in ZooKeeper, since none of them could let another in before. A
# user that is there is left alone: running brokers know its password. For another password take another name of the user.
# Needs bash and Kafka's own tools, until 3.9. The password reaches no argument, environment or file: it goes through a pipe.
set -uf
here=${0%/*}
. "$here/common.sh"
export KAFKA_OPTS=$options

configs() {
  "$tools/kafka-configs$suffix" --zookeeper "$zookeeper" ${client:+--zk-tls-config-file "$client"} \
    --entity-type users --entity-name "$user" "$@" 2>error
}

make_user() {
  configs --alter --add-config-file <(printf '%s=password=%s\n' "$mechanism" "$REPLY")
}

# `ask COMMAND...` puts the answer into `answer`, however long ZooKeeper takes to come. It holds keys: nobody may see it.
ask() {
  until answer=$("$@"); do
    echo "waiting for ZooKeeper at $zookeeper: $(grep -v '^[[:space:]]at ' error | tail -n 1)"
    sleep 5
  done
}

ask configs --describe
if [[ $answer == *"$mechanism="* ]]; then
  echo "nothing changed: user $user is there ($mechanism)"
  exit
fi
password "$user" "$password"
escaped "$secret"
ask make_user
echo "user $user: created ($mechanism)"
