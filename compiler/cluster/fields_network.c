/* fields_network.c: the part of the field table about listeners, and who may reach them (fields.h). */
#include "cluster/rows.h"

static const struct field gateway_fields[] = {
    { .name = "name", .kind = F_STR, AT(gateway, name), .example = "public",
      .doc = "Gateway (gateway.networking.k8s.io) that the routes attach to." },
    { .name = "namespace", .kind = F_NAME, AT(gateway, namespace_), .doc = "Its namespace. Default: the cluster's." },
    { .name = NULL }
};

static const struct type gateway_type = { .name = "gateway", .size = sizeof(struct gateway), .fields = gateway_fields,
    .short_for = "name" };

static const struct field listener_fields[] = {
    { .name = "name", .kind = F_NAME, .flags = REQUIRED, AT(listener, name), .example = "external",
      .doc = "Name of the listener; upper case in Kafka's configuration." },
    { .name = "port", .kind = F_INT, .flags = REQUIRED, AT(listener, port), .min = 1024, .max = 65535, .example = "9094",
      .doc = "Port that the brokers listen on." },
    { .name = "expose", .kind = F_ENUM, AT(listener, expose),
      .choices = "none loadbalancer nodeport ingress route gateway", .def = "none",
      .doc = "How clients outside the cluster reach each broker. Every broker gets a Service and a static advertised "
             "address." },
    { .name = "host", .kind = F_HOST, AT(listener, host), .example = "b{id}.kafka.example.com",
      .doc = "Advertised host of each broker: {id}, {name} (cluster), {pod} and {zone} are replaced." },
    { .name = "bootstrap", .kind = F_HOST, AT(listener, bootstrap), .example = "kafka.example.com",
      .doc = "Host that clients connect to first. Emits a bootstrap Service or route of that name." },
    { .name = "advertisedPort", .kind = F_INT, AT(listener, advertised_port), .min = 1, .max = 65535,
      .doc = "Port in the advertised address. Default: the listener's port for load balancers, 443 for ingress, route "
             "and gateway, the node port for nodeport." },
    { .name = "nodePortBase", .kind = F_INT, AT(listener, node_port_base), .min = 1, .max = 65535, .example = "32000",
      .doc = "nodeport: node port of the bootstrap Service; broker <id> gets base + 1 + id." },
    { .name = "class", .kind = F_STR, AT(listener, class), .example = "nginx",
      .doc = "ingress: the IngressClass; loadbalancer: the loadBalancerClass." },
    { .name = "gateway", .kind = F_OBJECT, AT(listener, gateway), .type = &gateway_type, .example = "{name: public}",
      .doc = "gateway: the Gateway that the TLSRoutes attach to." },
    { .name = "sourceRanges", .kind = F_STRS, LIST(listener, source_ranges.at, source_ranges.len),
      .example = "[10.0.0.0/8]", .doc = "loadbalancer: client networks that may connect (CIDR)." },
    { .name = "annotations", .kind = F_TEXTS, AT(listener, annotations),
      .example = "{external-dns.alpha.kubernetes.io/hostname: \"{host}\"}",
      .doc = "Annotations of the exposing objects; {id}, {name}, {pod}, {zone} and {host} are replaced." },
    { .name = "labels", .kind = F_LABELS, AT(listener, labels), .doc = "Labels of the exposing objects." },
    { .name = "tls", .kind = F_BOOL, AT(listener, tls), .def = "false",
      .doc = "TLS on this listener, with the certificates of `tls`." },
    { .name = "auth", .kind = F_STRS, .flags = OR_ONE, LIST(listener, auth.at, auth.len),
      .choices = "mtls scram-sha-256 scram-sha-512 plain oauthbearer gssapi", .example = "[scram-sha-512, oauthbearer]",
      .doc = "How clients of this listener prove who they are: by a certificate (mtls), a user and password (SCRAM, plain), a "
             "token (oauthbearer) or a Kerberos ticket (gssapi). Of several ways to log in a client chooses one; with mtls beside "
             "them it needs a certificate too, and its name is that of the login. Without `auth` anybody is let in." },
    { .name = "reauth", .kind = F_MS, AT(listener, reauth), .min = 10 * SECOND, .max = 365 * 24 * HOUR, .unit = "ms",
      .example = "1h", .doc = "Clients must log in again after this time, or when their token ends, whichever comes first "
             "(connections.max.reauth.ms). Without it a login lasts as long as its connection." },
    { .name = "principalRules", .kind = F_STRS, .flags = OR_ONE, LIST(listener, principal_rules.at, principal_rules.len),
      .example = "[\"RULE:^.*OU=([^,]+).*$/$1/L\", DEFAULT]",
      .doc = "mtls: rules that make a user's name of the subject of a certificate (ssl.principal.mapping.rules). The first that fits "
             "counts; DEFAULT is the whole subject. Default: the common name." },
    { .name = NULL }
};

const struct type listener_type = { .name = "listeners", .size = sizeof(struct listener),
    .fields = listener_fields };

static const struct field client_fields[] = {
    { .name = "namespace", .kind = F_NAME, AT(client, namespace_), .example = "shop",
      .doc = "Namespace whose pods may connect. Default: the cluster's own." },
    { .name = "pods", .kind = F_LABELS, AT(client, pods), .example = "{app: checkout}",
      .doc = "Only pods with these labels." },
    { .name = "cidr", .kind = F_STR, AT(client, cidr), .example = "10.20.0.0/16",
      .doc = "A network instead of a namespace." },
    { .name = "listeners", .kind = F_STRS, LIST(client, listeners.at, listeners.len), .example = "[internal]",
      .doc = "Listeners they may use. Default: all client listeners." },
    { .name = NULL }
};

static const struct type client_type = { .name = "networkPolicy.clients", .size = sizeof(struct client),
    .fields = client_fields };

static const struct field destination_fields[] = {
    { .name = "namespace", .kind = F_NAME, AT(destination, namespace_), .example = "keycloak",
      .doc = "Namespace whose pods may be reached. Default: the cluster's own." },
    { .name = "pods", .kind = F_LABELS, AT(destination, pods), .example = "{app: keycloak}",
      .doc = "Only pods with these labels." },
    { .name = "cidr", .kind = F_STR, AT(destination, cidr), .example = "10.30.0.0/16",
      .doc = "A network instead of a namespace." },
    { .name = "port", .kind = F_INT, .flags = REQUIRED, AT(destination, port), .min = 1, .max = 65535, .example = "443",
      .doc = "Port there: of the pods, not of a Service before them." },
    { .name = NULL }
};

static const struct type destination_type = { .name = "networkPolicy.destinations", .size = sizeof(struct destination),
    .fields = destination_fields };

static const struct field network_policy_fields[] = {
    { .name = "enabled", .kind = F_BOOL, AT(network_policy, enabled), .def = "present",
      .doc = "Emit NetworkPolicies: who may reach which port of the cluster's pods." },
    { .name = "clients", .kind = F_OBJECTS, LIST(network_policy, clients, client_count), .type = &client_type,
      .doc = "Who may connect to the client listeners. Without any, everybody may." },
    { .name = "egress", .kind = F_BOOL, AT(network_policy, egress), .def = "false",
      .doc = "Also limit where the pods may go: DNS, each other, and `destinations`." },
    { .name = "destinations", .kind = F_OBJECTS, LIST(network_policy, destinations, destination_count),
      .type = &destination_type, .example = "[{namespace: keycloak, port: 8443}]",
      .doc = "With `egress`: what brokers and controllers may reach besides, such as an OAuth server, LDAP, or tiered storage." },
    { .name = "monitoringNamespace", .kind = F_NAME, AT(network_policy, monitoring_namespace), .example = "monitoring",
      .doc = "Namespace that may scrape the metrics ports. Default: every namespace." },
    { .name = NULL }
};

const struct type network_policy_type = { .name = "networkPolicy", .size = sizeof(struct network_policy),
    .fields = network_policy_fields, .short_for = "enabled" };
