#!/bin/bash
# The scripts of Jobs (stdlib/admin) with tools that only pretend: tests/test_admin.sh. What Kafka's own tools make of them is shown by
# `make live SCENARIO=topics-users` and SCENARIO=nodes-by-password-zookeeper.
SCRIPTS=$(realpath "$(dirname "$0")/../stdlib/admin")
. "$(dirname "$0")/facts.sh"

# A cluster: answers/<tool>, what its describing call prints; calls, every other call; environment, what the tools saw.
cluster() {
    mkdir -p admin tools answers passwords scratch
    for tool in topics configs acls; do
        cat >tools/kafka-$tool.sh <<'END'
#!/bin/bash
tool=${0##*/kafka-} tool=${tool%.sh}
printf '%s\n' "$*" >>all-arguments; env >>all-arguments
[ ! -e down ] || { n=$(<down); [ "$n" -gt 0 ] && { echo $((n - 1)) >down; echo "no broker" >&2; exit 1; }; }
case "$*" in
*--list*login* | *login*--list*) grep -qF -- "$(cat login-is 2>/dev/null)" "${4}" && exit 0; echo "Authentication failed during authentication"; exit 1 ;;
*--describe*topics*) cat answers/configs 2>/dev/null ;;
*--describe*users* | *users*--describe*) cat answers/users 2>/dev/null ;;
*--describe* | *--list*) cat answers/$tool 2>/dev/null ;;
*) printf '%s\n' "$tool ${*:3}" >>calls
   for word in "$@"; do [ ! -f "$word" ] && [ ! -p "$word" ] || cat "$word" >>given; done ;;
esac
exit 0
END
        chmod +x tools/kafka-$tool.sh
    done
    printf '#!/bin/sh\n' >tools/sleep && chmod +x tools/sleep
    cp "$SCRIPTS"/*.sh admin/
    printf "bootstrap=here\ntools='%s' suffix=.sh\nclient=\npasswords='%s' scratch='%s'\nauthorization=yes\nexact=${exact:-no}\nparallel=2\nlogin_SCRAM_SHA_512='SASL_SSL there'\n" \
        "$PWD/tools" "$PWD/passwords" "$PWD/scratch" >admin/settings.sh
    cat >admin/desired
    sed -i "2i cd '$PWD'" tools/kafka-*.sh
}
# The same tools, and what the Job of the brokers' SCRAM user reads.
ensemble() {
    cluster </dev/null
    printf "zookeeper=zk\ntools='%s' suffix=.sh scratch='%s'\nclient=${1-} options=-Dlogin=x\nuser=kafka mechanism=SCRAM-SHA-512\npassword='%s'\n" \
        "$PWD/tools" "$PWD/scratch" "$PWD/passwords/nodes" >admin/settings.sh
    printf 'tell"\\\303\251body' >passwords/nodes
}
begins()  { PATH=$PWD/tools:$PATH bash "$PWD/admin/scram-bootstrap.sh" >out 2>err; }
runs()    { PATH=$PWD/tools:$PATH bash "$PWD/admin/admin.sh" >out 2>err; }
says()    { grep -qxF -- "$1" out || { echo "not said: $1"; cat out err; return 1; }; }
calls()   { diff <(sort) <(sort calls 2>/dev/null) || { echo '(< wanted, > called)'; return 1; }; }
nothing() { [ ! -e calls ] || { cat calls; return 1; }; }

orders() { printf 'Topic: orders\tTopicId: x\tPartitionCount: %s\tReplicationFactor: 3\tConfigs: \n\tTopic: orders\tPartition: 0\n' "$1" >answers/topics; }

a_missing_topic_is_made_in_one_call() {
    printf 'topic orders partitions=6 replicas=3\nconfig orders cleanup.policy=compact,delete\n' | cluster && runs && says 'topic orders: created' && calls <<'END'
topics --create --if-not-exists --topic orders --partitions 6 --replication-factor 3 --config cleanup.policy=compact,delete
END
}
what_is_as_described_is_not_touched() {
    printf 'topic orders partitions=6 replicas=3\nconfig orders retention.ms=5\nuser app mtls\nquota app producer_byte_rate=10485760\nrule app Allow DescribeConfigs topic prefixed a- 10.0.0.7\n' | cluster
    orders 6
    printf 'Dynamic configs for topic orders are:\n  retention.ms=5 sensitive=false synonyms={DYNAMIC_TOPIC_CONFIG:retention.ms=5}\n' >answers/configs
    printf "Quota configs for user-principal 'app' are producer_byte_rate=1.048576E7\n" >answers/users
    printf 'Current ACLs for resource `ResourcePattern(resourceType=TOPIC, name=a-, patternType=PREFIXED)`: \n \t(principal=User:app, host=10.0.0.7, operation=DESCRIBE_CONFIGS, permissionType=ALLOW) \n' >answers/acls
    runs && nothing && says 'nothing changed: 1 topics, 1 users, 1 rules, 1 quotas are as described'
}
fewer_partitions_are_refused_before_anything_changes() {
    printf 'topic orders partitions=3\ntopic new\n' | cluster && orders 6 && ! runs && nothing \
        && says 'refused: topic orders: 6 partitions, 3 are described: partitions cannot be taken away'
}
other_replicas_are_refused() {
    printf 'topic orders replicas=2\n' | cluster && orders 6 && ! runs && nothing \
        && says 'refused: topic orders: 3 replicas, 2 are described: move them with kafka-reassign-partitions first'
}
only_keys_that_differ_change() {
    printf 'topic orders\nconfig orders retention.ms=5\nconfig orders segment.bytes=7\n' | cluster && orders 6
    printf 'Dynamic configs for topic orders are:\n  segment.bytes=7 sensitive=false synonyms={}\n  leader.replication.throttled.replicas=0:1 sensitive=false\n' >answers/configs
    runs && says 'topic orders: retention.ms default -> 5' && calls <<'END'
configs --alter --entity-type topics --entity-name orders --add-config retention.ms=[5]
END
}
what_nobody_described_stays() {
    printf 'topic orders\nuser app mtls\n' | cluster && orders 6
    printf 'Dynamic configs for topic orders are:\n  segment.bytes=7 sensitive=false synonyms={}\n' >answers/configs
    printf "Quota configs for user-principal 'app' are request_percentage=50.0\n" >answers/users
    runs && nothing && says 'left alone: topic orders: segment.bytes=7' && says 'left alone: user app: quota request_percentage=50'
}
exactly_means_without_it_but_for_throttles() {
    printf 'topic orders\nuser app mtls\n' | exact=yes cluster && orders 6
    printf 'Dynamic configs for topic orders are:\n  segment.bytes=7 sensitive=false\n  follower.replication.throttled.replicas=0:1 sensitive=false\n' >answers/configs
    printf "Quota configs for user-principal 'app' are request_percentage=50.0\nQuota configs for user-principal 'other' are request_percentage=50.0\n" >answers/users
    printf 'x `ResourcePattern(resourceType=GROUP, name=g, patternType=LITERAL)`:\n\t(principal=User:app, host=*, operation=READ, permissionType=DENY)\n\t(principal=User:other, host=*, operation=READ, permissionType=ALLOW)\n' >answers/acls
    runs && calls <<'END'
configs --alter --entity-type topics --entity-name orders --delete-config segment.bytes
configs --alter --entity-type users --entity-name app --delete-config request_percentage
acls --remove --force --deny-principal User:app --deny-host * --operation Read --group g --resource-pattern-type literal
END
}
rules_of_one_kind_share_a_call() {
    { for t in a b c; do for o in Read Describe; do echo "rule app Allow $o topic literal $t *"; done; done; echo 'rule app Allow Read group literal * *'; echo 'user app mtls'; } | sort | cluster
    runs && [ "$(grep -c . calls)" = 2 ] && grep -qF -- '--operation Describe --operation Read --topic a --topic b --topic c ' calls && grep -qF -- '--group * ' calls || { cat out err calls; return 1; }
}
the_operations_of_a_rule_go_in_order() {
    printf 'user app mtls\nuser bob mtls\n' | exact=yes cluster
    for user in bob app; do for o in READ DESCRIBE_CONFIGS DESCRIBE; do
        printf 'x `ResourcePattern(resourceType=GROUP, name=*, patternType=LITERAL)`:\n\t(principal=User:%s, host=*, operation=%s, permissionType=ALLOW)\n' $user $o
    done; done >answers/acls
    runs && says '2 changes; now as described: 0 topics, 2 users, 0 rules, 0 quotas' \
        && diff <(grep removed out | sort) <(printf 'user %s: rule removed: Allow Describe DescribeConfigs Read on group *\n' app bob)
}
no_password_is_an_argument_or_in_the_environment() {
    printf 'user app SCRAM-SHA-512\n' | cluster && printf 'tell"\\nobody' >passwords/user.app && runs && says 'user app: created (SCRAM-SHA-512)' \
        && ! grep -q nobody all-arguments && ! grep -q nobody out err && grep -qxF 'SCRAM-SHA-512=password=tell"\\nobody' given || { cat out err given; return 1; }
}
a_password_is_set_when_it_is_not_the_one() {
    printf 'user app SCRAM-SHA-512\n' | cluster && printf new >passwords/user.app
    printf "SCRAM credential configs for user-principal 'app' are SCRAM-SHA-512=iterations=4096\n" >answers/users
    echo 'password="old"' >login-is && runs && says 'user app: password changed (SCRAM-SHA-512)' || return 1
    rm calls && echo 'password="new"' >login-is && runs && nothing && [ -z "$(ls scratch/login* 2>/dev/null)" ]
}
a_password_with_a_line_break_is_refused() {
    printf 'user app SCRAM-SHA-512\n' | cluster && printf 'secret\n' >passwords/user.app && ! runs && nothing && ! grep -q secret out err
}
it_waits_for_the_brokers() {
    printf 'topic orders\n' | cluster && echo 3 >down && runs && says 'topic orders: created' && grep -q '^waiting for the brokers at here: no broker' out
}
quotas_are_read_where_there_is_no_scram() {
    printf 'user app mtls\nquota app request_percentage=50\n' | cluster
    printf "Quota configs for user-principal 'app' are request_percentage=50.0\n" >answers/users
    sed -i '$d' tools/kafka-configs.sh && echo 'case "$*" in *users*) echo "The broker does not support DESCRIBE_USER_SCRAM_CREDENTIALS" >&2; exit 1 ;; esac' >>tools/kafka-configs.sh
    runs && nothing && says 'nothing changed: 0 topics, 1 users, 0 rules, 1 quotas are as described'
}
who_must_go_goes() {
    printf 'absent-user app\nabsent-topic orders\n' | cluster && orders 6
    printf "Quota configs for user-principal 'app' are request_percentage=50.0\nSCRAM credential configs for user-principal 'app' are SCRAM-SHA-512=iterations=4096\n" >answers/users
    runs && calls <<'END'
configs --alter --entity-type users --entity-name app --delete-config SCRAM-SHA-512
configs --alter --entity-type users --entity-name app --delete-config request_percentage
topics --delete --topic orders
END
}
changes_of_one_user_do_not_meet() {
    printf 'user app SCRAM-SHA-512\nquota app request_percentage=50\nabsent-user bob\n' | cluster && printf p >passwords/user.app
    printf "Quota configs for user-principal 'bob' are request_percentage=50.0\nSCRAM credential configs for user-principal 'bob' are SCRAM-SHA-256=iterations=4096, SCRAM-SHA-512=iterations=4096\n" >answers/users
    sed -i '3i case "$*" in *--alter*users*) n=busy.$7; mkdir $n || echo "$*" >>met; /bin/sleep 0.2; rmdir $n ;; esac' tools/kafka-configs.sh
    runs && [ ! -e met ] || { cat met; return 1; }
    says 'user bob: removed (SCRAM-SHA-256 SCRAM-SHA-512)' && calls <<END
configs --alter --entity-type users --entity-name app --add-config-file $PWD/scratch/password.app.SCRAM-SHA-512
configs --alter --entity-type users --entity-name app --add-config request_percentage=50
configs --alter --entity-type users --entity-name bob --delete-config SCRAM-SHA-256,SCRAM-SHA-512
configs --alter --entity-type users --entity-name bob --delete-config request_percentage
END
}
the_user_of_brokers_is_made_in_zookeeper() {
    ensemble && begins && says 'user kafka: created (SCRAM-SHA-512)' && grep -qxF 'SCRAM-SHA-512=password=tell"\\\u00e9body' given && [ "$(grep -c . calls)" = 1 ] \
        && grep -qE '^configs --entity-type users --entity-name kafka --alter --add-config-file /dev/fd/[0-9]+$' calls || { cat given calls; return 1; }
}
its_password_is_no_argument_and_in_no_file() {
    ensemble && begins && ! grep -qE 'tell|body' all-arguments out err && ! grep -rqE 'tell|body' scratch && grep -q '^KAFKA_OPTS=-Dlogin=x$' all-arguments
}
a_user_of_brokers_that_is_there_stays() {
    ensemble && printf "Configs for user-principal 'kafka' are SCRAM-SHA-512=salt=c2FsdA==,stored_key=keykey,iterations=4096\n" >answers/users && begins && nothing \
        && says 'nothing changed: user kafka is there (SCRAM-SHA-512)' && ! grep -q keykey out err
}
another_mechanism_of_it_is_made() {
    ensemble && printf "Configs for user-principal 'kafka' are SCRAM-SHA-256=salt=c2FsdA==,iterations=4096\n" >answers/users && begins && says 'user kafka: created (SCRAM-SHA-512)'
}
it_waits_for_zookeeper() {
    ensemble && echo 4 >down && begins && says 'user kafka: created (SCRAM-SHA-512)' && [ "$(grep -c '^waiting for ZooKeeper at zk: no broker$' out)" = 4 ]
}
it_shows_zookeeper_a_certificate() {
    ensemble /etc/zk.properties && begins && grep -q -- '--zookeeper zk --zk-tls-config-file /etc/zk.properties --entity-type' all-arguments
}
no_password_of_brokers_is_an_error() {
    ensemble && rm passwords/nodes && ! begins && nothing && says 'failed: user kafka: no password is mounted'
}

facts_run 'cluster|ensemble|begins|runs|says|calls|nothing|orders'
