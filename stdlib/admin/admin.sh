#!/bin/bash
# Brings topics, users, rules and quotas of the running cluster to what the file `desired` says. It reads the present state once,
# prints what differs, and changes only that: a second run changes nothing. What cannot be done (fewer partitions, another number of
# replicas) is refused before anything is changed. What is not in `desired` is left alone, except as `exact` says (settings.sh).
# Needs bash and Kafka's own tools. No password reaches an argument, the environment or a disk: `scratch` is memory.
set -uf
here=${0%/*}
. "$here/common.sh"
rm -f failed changed

kafka() {
  local tool=$1
  shift
  "$tools/kafka-$tool$suffix" --bootstrap-server "$bootstrap" ${client:+--command-config "$client"} "$@"
}

# ---- the present state: one call a kind --------------------------------------------------------------------------------

declare -A partitions=() replicas=() config=() configs=() scram=() quota=() rule=()

# `ask TOOL ARGUMENT...` puts the answer into `answer`. Brokers may still be starting: up to ten minutes.
ask() {
  local try
  for (( try = 1; try <= 60; try++ )); do
    answer=$(kafka "$@" 2>error) && return
    [[ $(<error) == *"not support DESCRIBE_USER_SCRAM_CREDENTIALS"* ]] && return # KRaft before 3.5: quotas are printed before
    (( try % 6 == 1 )) && echo "waiting for the brokers at $bootstrap: $(tail -n 1 error)"
    sleep 10
  done
  die "kafka-$*: $(tail -n 3 error)"
}

read_topics() {
  local line name
  ask topics --describe
  while IFS= read -r line; do
    [[ $line =~ ^Topic:\ ([^[:space:]]+).*PartitionCount:\ *([0-9]+).*ReplicationFactor:\ *([0-9]+) ]] || continue
    partitions[${BASH_REMATCH[1]}]=${BASH_REMATCH[2]}
    replicas[${BASH_REMATCH[1]}]=${BASH_REMATCH[3]}
  done <<<"$answer"
  ask configs --describe --entity-type topics
  while IFS= read -r line; do
    case $line in
    "Dynamic configs for topic "*" are:")
      name=${line#Dynamic configs for topic }
      name=${name% are:} ;;
    "  "*=*)
      line=${line#  }
      line=${line%% sensitive=*}
      config["$name ${line%%=*}"]=${line#*=}
      configs[$name]+=" ${line%%=*}" ;;
    esac
  done <<<"$answer"
}

# Kafka keeps quotas as Java doubles: 1.048576E7 is 10485760.
number() {
  local whole=${1%E*} rest power=0
  [[ $1 == *E* ]] && power=${1#*E}
  rest=${whole#*.}
  whole=${whole%%.*}
  [[ $rest == 0 ]] && rest=
  while (( ${#rest} < power )); do rest+=0; done
  REPLY=$whole${rest:0:power}
  [[ -z ${rest:power} ]] || REPLY+=.${rest:power}
}

read_users() {
  local line name list item
  ask configs --describe --entity-type users
  while IFS= read -r line; do
    [[ $line =~ ^(Quota|SCRAM\ credential)\ configs\ for\ user-principal\ \'([^\']*)\'\ are\ (.*)$ ]] || continue
    name=${BASH_REMATCH[2]}
    IFS=, read -ra list <<<"${BASH_REMATCH[3]}"
    for item in "${list[@]}"; do
      item=${item# }
      if [[ $line == Quota* ]]; then
        number "${item#*=}"
        quota["$name ${item%%=*}"]=$REPLY
      else
        scram["$name ${item%%=*}"]=yes
      fi
    done
  done <<<"$answer"
}

# DESCRIBE_CONFIGS is DescribeConfigs.
pascal() {
  local part
  REPLY=
  for part in ${1//_/ }; do
    part=${part,,}
    REPLY+=${part^}
  done
}

# A rule is one line, as in `desired`: user, permission, operation, resource, pattern, name, host.
read_rules() {
  local line resource= user host permission
  ask acls --list
  while IFS= read -r line; do
    if [[ $line =~ resourceType=([A-Z_]+),\ name=(.*),\ patternType=([A-Z]+)\) ]]; then
      resource=${BASH_REMATCH[1],,}
      resource="${resource//_/-} ${BASH_REMATCH[3],,} ${BASH_REMATCH[2]}"
    elif [[ $line =~ principal=User:([^,]*),\ host=([^,]*),\ operation=([A-Z_]+),\ permissionType=([A-Z]+)\) ]]; then
      user=${BASH_REMATCH[1]} host=${BASH_REMATCH[2]} permission=${BASH_REMATCH[4],,}
      pascal "${BASH_REMATCH[3]}"
      rule["$user ${permission^} $REPLY $resource $host"]=yes
    fi
  done <<<"$answer"
}

# ---- passwords -----------------------------------------------------------------------------------------------------------

# `login USER MECHANISM`: 0: the password of the Secret is the one that the cluster knows; 1: it is not; 2: nobody can tell.
login() {
  local file=$scratch/login.$1.$2 where=login_${2//-/_} listener try
  listener=${!where-}
  [[ -n $listener ]] || return 2
  password "$1" "$passwords/user.$1"
  secret=${secret//\\/\\\\}
  escaped "${secret//\"/\\\"}"
  {
    [[ -z $client ]] || while IFS= read -r line; do [[ $line == security.protocol=* ]] || printf '%s\n' "$line"; done <"$client"
    printf 'security.protocol=%s\nsasl.mechanism=%s\n' "${listener%% *}" "$2"
    printf 'sasl.jaas.config=org.apache.kafka.common.security.scram.ScramLoginModule required username="%s" password="%s";\n' \
      "$1" "$REPLY"
  } >"$file"
  for try in 1 2 3; do
    "$tools/kafka-topics$suffix" --bootstrap-server "${listener#* }" --command-config "$file" --list >answer 2>&1 && break
    [[ $(<answer) == *[Aa]uthentication*failed* ]] && { rm -f "$file"; return 1; }
    (( try == 3 )) && die "user $1: cannot try the password at ${listener#* }: $(tail -n 2 answer)"
    sleep 5
  done
  rm -f "$file"
}

# ---- changes: a text and the call of a tool, several side by side ------------------------------------------------------------

running=0

attempt() {
  local text=$1 try answer
  shift
  for try in 1 2 3 4 5; do
    answer=$(kafka "$@" 2>&1) && { printf '%s\n' "$text" | tee -a changed; return; }
    sleep $(( try * 2 ))
  done
  printf 'failed: %s: %s\n' "$text" "$(tail -n 3 <<<"$answer")" | tee -a failed
}

change() {
  (( running < parallel )) || { wait -n; running=$(( running - 1 )); }
  running=$(( running + 1 ))
  attempt "$@" &
}

# With ZooKeeper the password and the quotas of a user are one node, which brokers read and write back as a whole: two changes of it
# at once would be one.
settle() {
  wait
  running=0
}

finish() {
  settle
  [[ ! -e failed ]] || die "$(grep -c . failed) changes could not be made"
}

# ---- the difference --------------------------------------------------------------------------------------------------------------

declare -A wanted_partitions=() wanted_replicas=() wanted_config=() wanted_configs=() wanted_quota=() wanted_rule=()
topics=() users=() gone_topics=() gone_users=() rules=() refused=0
declare -A mechanisms=() owner=()

read_desired() {
  local kind name rest
  while read -r kind name rest; do
    case $kind in
    topic)
      topics+=("$name")
      [[ $rest =~ partitions=([0-9]+) ]] && wanted_partitions[$name]=${BASH_REMATCH[1]}
      [[ $rest =~ replicas=([0-9]+) ]] && wanted_replicas[$name]=${BASH_REMATCH[1]} ;;
    config)
      wanted_config["$name ${rest%%=*}"]=${rest#*=}
      wanted_configs[$name]+=" ${rest%%=*}" ;;
    user) users+=("$name"); owner[$name]=yes; mechanisms[$name]=$rest ;;
    quota) wanted_quota["$name ${rest%%=*}"]=${rest#*=} ;;
    rule) rules+=("$name $rest"); wanted_rule["$name $rest"]=yes ;;
    absent-topic) gone_topics+=("$name") ;;
    absent-user) gone_users+=("$name"); owner[$name]=absent ;;
    esac
  done <"$here/desired"
}

refuse() {
  echo "refused: $*"
  refused=$(( refused + 1 ))
}

# Before anything is changed: what the cluster cannot do, or would only do with data on the move.
refuse_topics() {
  local name now want
  for name in "${topics[@]}"; do
    now=${partitions[$name]-} want=${wanted_partitions[$name]-}
    [[ -z $now || -z $want || $want -ge $now ]] ||
      refuse "topic $name: $now partitions, $want are described: partitions cannot be taken away"
    now=${replicas[$name]-} want=${wanted_replicas[$name]-}
    [[ -z $now || -z $want || $want -eq $now ]] ||
      refuse "topic $name: $now replicas, $want are described: move them with kafka-reassign-partitions first"
  done
  (( refused == 0 )) || die "nothing was changed: $refused refused"
}

extra() {
  echo "left alone: $*"
}

create_topic() {
  local name=$1 key words=()
  [[ -z ${wanted_partitions[$name]-} ]] || words+=(--partitions "${wanted_partitions[$name]}")
  [[ -z ${wanted_replicas[$name]-} ]] || words+=(--replication-factor "${wanted_replicas[$name]}")
  for key in ${wanted_configs[$name]-}; do
    words+=(--config "$key=${wanted_config["$name $key"]}")
  done
  change "topic $name: created" topics --create --if-not-exists --topic "$name" "${words[@]}"
}

# All keys of a topic go in one call. Throttles belong to whoever moves replicas.
configure_topic() {
  local name=$1 key value now text= add= remove=
  for key in ${wanted_configs[$name]-}; do
    value=${wanted_config["$name $key"]} now=${config["$name $key"]-}
    [[ ${config["$name $key"]+set} && $now == "$value" ]] && continue
    text+="${text:+; }$key ${now:-default} -> $value"
    add+="${add:+,}$key=[$value]"
  done
  for key in ${configs[$name]-}; do
    [[ -n ${wanted_config["$name $key"]+set} || $key == *.replication.throttled.replicas ]] && continue
    if [[ $exact != yes ]]; then
      extra "topic $name: $key=${config["$name $key"]}"
      continue
    fi
    text+="${text:+; }$key ${config["$name $key"]} -> default"
    remove+="${remove:+,}$key"
  done
  [[ -z $text ]] || change "topic $name: $text" configs --alter --entity-type topics --entity-name "$name" \
    ${add:+--add-config "$add"} ${remove:+--delete-config "$remove"}
}

change_topics() {
  local name now want
  for name in "${topics[@]}"; do
    now=${partitions[$name]-} want=${wanted_partitions[$name]-}
    if [[ -z $now ]]; then
      create_topic "$name"
      continue
    fi
    [[ -z $want || $want -eq $now ]] ||
      change "topic $name: partitions $now -> $want" topics --alter --topic "$name" --partitions "$want"
    configure_topic "$name"
  done
}

set_password() {
  local file=$scratch/password.$1.$2
  password "$1" "$passwords/user.$1"
  escaped "$secret"
  printf '%s=password=%s\n' "$2" "$REPLY" >"$file"
  secret= REPLY=
  change "user $1: $3 ($2)" configs --alter --entity-type users --entity-name "$1" --add-config-file "$file"
}

change_passwords() {
  local name mechanism
  for name in "${users[@]}"; do
    mechanism=${mechanisms[$name]}
    [[ $mechanism == SCRAM-* ]] || continue
    if [[ -z ${scram["$name $mechanism"]-} ]]; then
      set_password "$name" "$mechanism" "created"
      continue
    fi
    login "$name" "$mechanism"
    case $? in
    1) set_password "$name" "$mechanism" "password changed" ;;
    2) extra "user $name: it exists, and no listener inside is there to try its password" ;;
    esac
  done
}

change_quotas() {
  local name key text add remove
  for name in "${users[@]}"; do
    text= add= remove=
    for key in producer_byte_rate consumer_byte_rate request_percentage controller_mutation_rate; do
      local now=${quota["$name $key"]-} want=${wanted_quota["$name $key"]-}
      [[ $now != "$want" ]] || continue
      if [[ -z $want && $exact != yes ]]; then
        extra "user $name: quota $key=$now"
        continue
      fi
      text+="${text:+; }$key ${now:-none} -> ${want:-none}"
      [[ -z $want ]] && remove+="${remove:+,}$key" || add+="${add:+,}$key=$want"
    done
    [[ -z $text ]] || change "user $name: quota $text" configs --alter --entity-type users --entity-name "$name" \
      ${add:+--add-config "$add"} ${remove:+--delete-config "$remove"}
  done
}

# Rules in lines on standard input become few calls: those alike but for operation or name go together.
change_rules() {
  local word=$1 user permission op resource pattern name host key text first order=()
  local -A operations=() names=()
  shift
  while read -r user permission op resource pattern name host; do
    key="$user $permission $resource $pattern $host $name"
    [[ -n ${operations[$key]-} ]] || order+=("$key")
    operations[$key]+=" --operation $op"
  done
  for key in "${order[@]}"; do
    names["${key% *}${operations[$key]}"]+=" ${key##* }"
  done
  for first in "${order[@]}"; do
    key="${first% *}${operations[$first]}"
    [[ -n ${names[$key]} ]] || continue # said with the first of its names
    read -r user permission resource pattern host op <<<"$key"
    local option=--$resource words=()
    [[ $resource == user ]] && option=--user-principal
    for name in ${names[$key]}; do
      [[ $resource == cluster ]] && words+=(--cluster) || words+=("$option" "$name")
    done
    text="$permission ${op//--operation /} on $resource${names[$key]}"
    [[ $pattern == literal ]] || text+=" ($pattern)"
    [[ $host == '*' ]] || text+=" from $host"
    permission=${permission,,}
    change "user $user: $word: $text" acls "$@" "--$permission-principal" "User:$user" "--$permission-host" "$host" $op \
      "${words[@]}" --resource-pattern-type "$pattern"
    names[$key]=
  done
}

add_rules() {
  local line
  for line in "${rules[@]}"; do
    [[ -n ${rule[$line]-} ]] || printf '%s\n' "$line"
  done
}

# Rules of the users described here that nobody described, and all of those who must go.
extra_rules() {
  local line
  for line in "${!rule[@]}"; do
    [[ -z ${wanted_rule[$line]-} ]] || continue
    case ${owner[${line%% *}]-} in
    absent) printf '%s\n' "$line" ;;
    yes) [[ $exact == yes ]] && printf '%s\n' "$line" || echo "left alone: rule $line" >&2 ;;
    esac
  done
}

remove_users() {
  local name key remove
  for name in "${gone_users[@]}"; do
    remove=
    for key in SCRAM-SHA-256 SCRAM-SHA-512; do
      [[ -z ${scram["$name $key"]-} ]] || remove+="${remove:+,}$key"
    done
    [[ -z $remove ]] || change "user $name: removed (${remove//,/ })" configs --alter --entity-type users --entity-name "$name" \
      --delete-config "$remove"
  done
  settle
  for name in "${gone_users[@]}"; do
    remove=
    for key in producer_byte_rate consumer_byte_rate request_percentage controller_mutation_rate; do
      [[ -z ${quota["$name $key"]-} ]] || remove+="${remove:+,}$key"
    done
    [[ -z $remove ]] || change "user $name: quota removed" configs --alter --entity-type users --entity-name "$name" \
      --delete-config "$remove"
  done
}

remove_topics() {
  local name
  for name in "${gone_topics[@]}"; do
    [[ -z ${partitions[$name]-} ]] || change "topic $name: deleted" topics --delete --topic "$name"
  done
}

# ---- the order ---------------------------------------------------------------------------------------------------------------------

read_desired
read_topics
refuse_topics
(( ${#users[@]} + ${#gone_users[@]} == 0 )) || read_users
[[ $authorization != yes ]] || read_rules
change_topics
change_passwords
settle
change_quotas
if [[ $authorization == yes ]]; then
  change_rules 'new rule' --add < <(add_rules)
  change_rules 'rule removed' --remove --force < <(extra_rules | sort)
fi
finish
remove_users
remove_topics
finish
changes=0
[[ ! -e changed ]] || changes=$(grep -c . changed)
have="${#topics[@]} topics, ${#users[@]} users, ${#rules[@]} rules, ${#wanted_quota[@]} quotas"
(( changes > 0 )) && echo "$changes changes; now as described: $have" || echo "nothing changed: $have are as described"
