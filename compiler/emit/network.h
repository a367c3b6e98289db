/* network.h: pieces of NetworkPolicies: who comes in (network.c), and where pods may go (egress.c). */
#ifndef GREGOR_EMIT_NETWORK_H
#define GREGOR_EMIT_NETWORK_H

#include "emit/emit.h"

struct val network_port(struct arena *a, int64_t number);
struct val network_pods(struct arena *a, struct val labels);                         /* a peer: pods of our own namespace */
struct val network_pods_of(struct arena *a, const struct plan *p, enum component c); /* nothing when there are none */
struct val network_namespace(struct arena *a, const char *name);                     /* its selector; NULL: nothing */

/* What ZooKeeper opens to brokers: both ports while a rolling update takes brokers from one to the other. */
struct val network_zookeeper_ports(struct arena *a, const struct plan *p);

/* What brokers open to the admin Job. */
struct val network_admin_ports(struct arena *a, const struct plan *p);

/* A peer that somebody described: a network (`cidr` with its place), or pods. */
struct val network_peer(struct arena *a, struct val cidr, const char *namespace_, const struct val *pods);

/* Rules of what pods of a component, or the lag exporter, may reach; nothing when that is not limited. */
struct val egress_rules(struct arena *a, const struct plan *p, enum component c);
struct val egress_lag_exporter(struct arena *a, const struct plan *p);
struct val egress_admin(struct arena *a, const struct plan *p);
struct val egress_scram_bootstrap(struct arena *a, const struct plan *p);

#endif
