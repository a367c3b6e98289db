/* ports.h: ports that gregor decides. Checks keep the user's ports off them. */
#ifndef GREGOR_CLUSTER_PORTS_H
#define GREGOR_CLUSTER_PORTS_H

#define CONTROLLER_PORT   9090
#define REPLICATION_PORT  9091
#define ZK_CLIENT_PORT    2181
#define ZK_TLS_PORT       2182
#define ZK_QUORUM_PORT    2888
#define ZK_ELECTION_PORT  3888
#define LAG_EXPORTER_PORT 9308

#endif
