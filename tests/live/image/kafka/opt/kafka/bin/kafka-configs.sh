#!/bin/bash
# In the core in every release.
home=$(dirname "$0")/..
exec "$home/bin/kafka-run-class.sh" kafka.admin.ConfigCommand "$@"
