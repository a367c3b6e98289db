# What the scripts of Jobs share: their settings, how the JVMs of Kafka's tools start, how a Job fails, and passwords.
umask 077
export LC_ALL=C.UTF-8
. "$here/settings.sh"
cd "$scratch" || exit
unset KAFKA_OPTS KAFKA_JMX_OPTS JMX_PORT KAFKA_DEBUG
export KAFKA_HEAP_OPTS=-Xmx96m KAFKA_JVM_PERFORMANCE_OPTS='-XX:+UseSerialGC -XX:TieredStopAtLevel=1'

die() {
  echo "failed: $*"
  exit 1
}

# As java.util.Properties reads it back: \ doubled, what is no ASCII as \uXXXX.
escaped() {
  local i c code
  REPLY=
  for (( i = 0; i < ${#1}; i++ )); do
    c=${1:i:1}
    printf -v code %d "'$c"
    if [[ $c == \\ ]]; then
      REPLY+=\\\\
    elif (( code > 0xffff )); then
      printf -v c '\\u%04x\\u%04x' $(( 0xd800 + ((code - 0x10000) >> 10) )) $(( 0xdc00 + ((code - 0x10000) & 0x3ff) ))
      REPLY+=$c
    elif (( code > 126 )); then
      printf -v c '\\u%04x' "$code"
      REPLY+=$c
    else
      REPLY+=$c
    fi
  done
}

# `password USER FILE` puts what the mounted Secret says into `secret`.
password() {
  secret=
  [[ -r $2 ]] || die "user $1: no password is mounted"
  IFS= read -r -d '' secret <"$2"
  [[ -n $secret ]] || die "user $1: the password is empty"
  [[ $secret != *[[:cntrl:]]* ]] || die "user $1: the password holds a line break or another control character"
}
