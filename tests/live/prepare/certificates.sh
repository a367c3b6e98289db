#!/bin/bash
# For descriptions with `tls: generated`: a copy of the description, and beside it what `gregor pki` makes. Further arguments are those of
# `gregor pki`: --renew all, --rotate-ca trust; the settings of clients are written anew.
source "$(dirname "$0")/lib.sh"
description=$1
shift
cp "$description" .
"$GREGOR" pki --client shop "$@" "$(basename "$description")" >pki.log
ln -sfn pki tls
with_certificate client-shop
properties anyone security.protocol=SSL
kcat_settings anyone security.protocol=ssl
