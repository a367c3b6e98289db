#!/bin/bash
# For descriptions with the cluster `market`: certificates of an own CA, a password of a user that the admin Job makes.
source "$(dirname "$0")/lib.sh"
space=live
ca
node_secret $space market market-broker
mkdir -p passwords
printf '%s "\\],[=ä' "$(word)" >passwords/shop
secret $space shop-kafka password=passwords/shop >objects/shop-kafka.yaml
jaas=$(sed 's/[\\"]/\\&/g; s/\\/\\\\/g; s/ä/\\u00e4/' passwords/shop) # as JAAS in a properties file
with_scram scram-shop shop "$jaas"
for user in admin audit; do
    certificate $user "/O=live/OU=people/CN=$user"
    with_certificate $user
done
