#!/bin/bash
# setup.sh demo|test|bench|live|fuzz: installs what is missing (Debian; root or sudo), and says nothing when nothing is.
# Looks at files, not at packages: fast, and true on a machine that has them from elsewhere.
set -euo pipefail

# A package is there when one of its files is, or when the compiler finds the header.
has() {
    case $1 in
    gcc | make | python3 | valgrind | strace | clang-19) type -P "$1" >/dev/null ;;
    libyaml-dev)    header yaml.h ;;
    libcyaml-dev)   header cyaml/cyaml.h ;;
    liblua5.4-dev)  header lua5.4/lua.h ;;
    libssl-dev)     header openssl/evp.h ;;
    libcmocka-dev)  header cmocka.h ;;
    libcjson-dev)   header cjson/cJSON.h ;;
    libc6-dev)      header stdio.h ;;
    python3-yaml)   [[ -e /usr/lib/python3/dist-packages/yaml ]] || python3 -c 'import yaml' 2>/dev/null ;;
    python3-jsonschema) [[ -e /usr/lib/python3/dist-packages/jsonschema ]] || python3 -c 'import jsonschema' 2>/dev/null ;;
    time)           [[ -x /usr/bin/time ]] ;;
    groff-base)     type -P groff >/dev/null ;;
    default-jdk-headless) type -P java javac >/dev/null ;;
    maven)          type -P mvn >/dev/null ;;
    nftables)       [[ -x /usr/sbin/nft ]] ;;
    iproute2)       [[ -x /sbin/ip ]] ;;
    kcat | prometheus) type -P "$1" >/dev/null ;;
    krb5-kdc)       [[ -x /usr/sbin/krb5kdc ]] ;;
    krb5-admin-server) [[ -x /usr/sbin/kadmin.local ]] ;;
    llvm-19)        type -P llvm-symbolizer-19 >/dev/null ;;
    libclang-rt-19-dev) compgen -G '/usr/lib/llvm-19/lib/clang/19/lib/*/libclang_rt.fuzzer*' >/dev/null ;;
    *) return 1 ;;
    esac
}

header() {
    [[ -e /usr/include/$1 ]] || echo "#include <stddef.h>
#include <stdarg.h>
#include <setjmp.h>
#include <stdint.h>
#include <$1>" | gcc -fsyntax-only -x c - 2>/dev/null
}

demo="gcc libc6-dev make libyaml-dev libcyaml-dev liblua5.4-dev libssl-dev"
test="$demo libcmocka-dev libcjson-dev python3 python3-yaml python3-jsonschema time groff-base strace"
case ${1-} in
demo)  wanted=$demo ;;
test)  wanted=$test ;;
bench) wanted="$demo python3 valgrind" ;;
live)  wanted="$demo python3 python3-yaml default-jdk-headless maven nftables iproute2 kcat prometheus krb5-kdc krb5-admin-server" ;;
fuzz)  wanted="$demo libcjson-dev clang-19 llvm-19 libclang-rt-19-dev" ;;
*)     echo "usage: setup.sh demo|test|bench|live|fuzz" >&2; exit 2 ;;
esac

missing=()
for package in $wanted; do
    has "$package" || missing+=("$package")
done
[[ ${#missing[@]} == 0 ]] && exit 0

if [[ $(id -u) == 0 ]]; then
    as_root=(env)
elif type -P sudo >/dev/null && sudo -n true 2>/dev/null; then
    as_root=(sudo -n env)
else
    echo "missing: ${missing[*]}; as root: apt-get install ${missing[*]}" >&2
    exit 3
fi
type -P apt-get >/dev/null || { echo "missing: ${missing[*]}; there is no apt-get here, install them by hand" >&2; exit 3; }

install() {
    "${as_root[@]}" DEBIAN_FRONTEND=noninteractive apt-get install -y --no-install-recommends "${missing[@]}" </dev/null
}
echo "installing ${missing[*]}" >&2
log=$(mktemp)
trap 'rm -f "$log"' EXIT
install >"$log" 2>&1 || { "${as_root[@]}" apt-get update >"$log" 2>&1 </dev/null && install >>"$log" 2>&1; } || {
    tail -n 5 "$log" >&2
    echo "cannot install ${missing[*]}" >&2
    exit 3
}
