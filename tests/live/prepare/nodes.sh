#!/bin/bash
# For nodes that log in by password: certificates that only serve, the nodes' password, two clients with certificates.
source "$(dirname "$0")/lib.sh"
space=live
ca
node_secret $space logins logins-broker
node_secret $space logins logins-controller
node_secret $space logins logins-zookeeper '*.logins-zookeeper-nodes' '*.logins-zookeeper'
printf '%s]=é' "$(word)" >password # what tools read lists and brackets from
secret $space logins-nodes password=password >objects/nodes.yaml
for user in admin shop; do
    certificate $user "/O=live/OU=people/CN=$user"
    with_certificate $user
done
