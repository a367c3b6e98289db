/* What the API server asks of other objects than pods beyond the schema, each rule kept and broken. */
#include "rules.h"

#define LABELLED \
    "selector: {matchLabels: {a: b}}, template: {metadata: {labels: {a: b}}, spec: {containers: [{name: " \
    "c, image: i}]"
#define BACKEND "{service: {name: s, port: {number: 80}}}"
#define PORTS "ports: [{port: 80}]"
#define STANDARD "pod-security.kubernetes.io/"
#define RBAC "rbac.authorization.k8s.io"
#define RANGES "service.beta.kubernetes.io/load-balancer-source-ranges"
#define SUBDOMAIN "which holds a character other than a-z, 0-9, '-' and '.'"
#define LABEL "which holds a character other than letters, digits, '-', '_' and '.'"

static void a_service_has_addresses_that_can_be(void **state)
{
    static const struct row rows[] = {
        { "core.v1.ServiceSpec", 34,
          "{" PORTS ", clusterIP: 10.0.0.1, clusterIPs: [10.0.0.1], ipFamilyPolicy: SingleStack, ipFamilies: [IPv4]}",
          "" },
        { "core.v1.ServiceSpec", 34, "{" PORTS ", clusterIP: a}",
          "E0704 1:34 'clusterIP' is 'a', which is no IP address" },
        { "core.v1.ServiceSpec", 34, "{" PORTS ", ipFamilyPolicy: SingleStack, ipFamilies: [IPv4, IPv6]}",
          "E0705 1:39 'ipFamilyPolicy' is 'SingleStack', and there are two families or addresses" },
        { "core.v1.ServiceSpec", 34, "{" PORTS ", clusterIPs: [None, 10.0.0.1]}",
          "E0705 1:35 'clusterIPs' may hold nothing beside 'None'\n"
          "E0705 1:35 'clusterIPs' needs the first of them as 'clusterIP' beside it" },
        { "core.v1.ServiceSpec", 34, "{" PORTS ", clusterIP: 10.0.0.1, clusterIPs: [10.0.0.2]}",
          "E0705 1:56 'clusterIPs' must start with the clusterIP '10.0.0.1'" },
        { "core.v1.ServiceSpec", 35, "{" PORTS ", externalIPs: [10.0.0.1]}", "" },
        { "core.v1.ServiceSpec", 36, "{" PORTS ", externalIPs: [10.0.0.1]}",
          "W0708 1:36 'externalIPs' is deprecated, and some clusters leave it unanswered" },
        { "core.v1.ServiceSpec", 34, "{" PORTS ", externalIPs: [127.0.0.1, \"::1\", a]}",
          "E0704 1:37 'externalIPs[0]' is '127.0.0.1', an address of each machine itself\n"
          "E0704 1:48 'externalIPs[1]' is '::1', an address of each machine itself\n"
          "E0704 1:55 'externalIPs[2]' is 'a', which is no IP address" },
        { "core.v1.ServiceSpec", 34,
          "{type: LoadBalancer, " PORTS ", loadBalancerSourceRanges: [\" 10.0.0.0/8 \"], loadBalancerClass: a/b}",
          "" },
        { "core.v1.ServiceSpec", 34,
          "{type: LoadBalancer, " PORTS ", loadBalancerSourceRanges: [10.0.0.0, 10.0.0.0/8 x], loadBalancerClass: a b}",
          "E0704 1:70 'loadBalancerSourceRanges[0]' is '10.0.0.0', which is no range of addresses like 10.0.0.0/8\n"
          "E0704 1:80 'loadBalancerSourceRanges[1]' is '10.0.0.0/8 x', which is no range of addresses like 10.0.0.0/8\n"
          "E0704 1:114 'loadBalancerClass' is 'a b', " LABEL },
        { "core.v1.ServiceSpec", 34, "{type: ExternalName, externalName: a.b.}", "" },
        { "core.v1.ServiceSpec", 34, "{type: ExternalName, externalName: a b, clusterIP: 10.0.0.1}",
          "E0704 1:36 'externalName' is 'a b', " SUBDOMAIN "\n"
          "E0705 1:52 'clusterIP' must not stand with the type 'ExternalName'" },
        { "core.v1.ServiceSpec", 34, "{type: ExternalName, externalName: \"\"}",
          "E0704 1:36 'externalName' is '', which is empty" },
        { "core.v1.ServiceSpec", 34, "{" PORTS ", externalName: a}",
          "W0708 1:37 'externalName' does nothing without the type 'ExternalName'" },
        { "core.v1.ServiceSpec", 34, "{" PORTS ", clusterIP: 10.0.0.1, clusterIPs: [10.0.0.1, a]}",
          "E0704 1:67 'clusterIPs[1]' is 'a', which is no IP address" },
    };
    RULES_RUN(*state, rows);
}

static void a_service_sends_traffic_where_its_version_can(void **state)
{
    static const struct row rows[] = {
        { "core.v1.ServiceSpec", 34, "{" PORTS ", trafficDistribution: PreferClose}", "" },
        { "core.v1.ServiceSpec", 35, "{" PORTS ", trafficDistribution: PreferClose}",
          "W0708 1:44 'trafficDistribution' is the deprecated 'PreferClose' / write 'PreferSameZone', which means the same" },
        { "core.v1.ServiceSpec", 34, "{" PORTS ", trafficDistribution: PreferSameNode}", "" },
        { "core.v1.ServiceSpec", 33, "{" PORTS ", trafficDistribution: PreferSameNode}",
          "E0701 1:44 'trafficDistribution' has only the value 'PreferClose' before Kubernetes 1.34" },
        { "core.v1.ServiceSpec", 34, "{" PORTS ", trafficDistribution: Near}",
          "E0704 1:44 'trafficDistribution' is 'Near', which is none of: PreferClose, PreferSameZone, PreferSameNode" },
        { "core.v1.ServiceSpec", 34,
          "{" PORTS ", sessionAffinity: ClientIP, sessionAffinityConfig: {clientIP: {timeoutSeconds: 10}}}",
          "" },
        { "core.v1.ServiceSpec", 34, "{" PORTS ", sessionAffinityConfig: {clientIP: {timeoutSeconds: 0}}}",
          "W0708 1:46 'sessionAffinityConfig' does nothing without 'sessionAffinity: ClientIP'\n"
          "E0704 1:74 'sessionAffinityConfig.clientIP.timeoutSeconds' must be at least 1, not 0" },
        { "core.v1.ServiceSpec", 34, "{clusterIP: None, sessionAffinity: ClientIP}",
          "W0708 1:36 'sessionAffinity' does nothing in a headless Service" },
        { "core.v1.ServiceSpec", 34,
          "{type: LoadBalancer, " PORTS ", healthCheckNodePort: 30000, externalTrafficPolicy: Local}",
          "" },
        { "core.v1.ServiceSpec", 34, "{type: LoadBalancer, " PORTS ", healthCheckNodePort: 30000}",
          "E0705 1:64 'healthCheckNodePort' needs 'externalTrafficPolicy: Local'" },
        { "core.v1.Service", 34, "{metadata: {name: a, annotations: {" RANGES ": 10.0.0.0/8}}, spec: {" PORTS "}}",
          "E0705 1:92 'metadata.annotations[\"service.beta.kubernetes.io/load-balancer-source-ranges\"]' needs the type "
          "'LoadBalancer'" },
        { "core.v1.Service", 34,
          "{metadata: {name: a, annotations: {" RANGES ": 10.0.0.0/8}}, spec: {type: LoadBalancer, " PORTS "}}",
          "" },
    };
    RULES_RUN(*state, rows);
}

static void the_name_of_a_service_may_start_with_a_digit_since_1_36(void **state)
{
    static const struct row rows[] = {
        { "core.v1.Service", 36, "{metadata: {name: 1a}, spec: {" PORTS "}}", "" },
        { "core.v1.Service", 35, "{metadata: {name: 1a}, spec: {" PORTS "}}",
          "E0704 1:19 'metadata.name' is '1a', which does not start with a-z, as the name of a Service must" },
        { "core.v1.Service", 36, "{metadata: {name: a.b}, spec: {" PORTS "}}",
          "E0704 1:19 'metadata.name' is 'a.b', which holds a character other than a-z, 0-9 and '-'" },
    };
    RULES_RUN(*state, rows);
}

static void an_ingress_leads_somewhere(void **state)
{
    static const struct row rows[] = {
        { "networking.v1.IngressSpec", 34,
          "{ingressClassName: a.b, tls: [{hosts: [\"*.a.b\", c], secretName: t}], rules: [{host: a.b, "
          "http: {paths: [{path: /x, pathType: Prefix, backend: " BACKEND "}]}}]}",
          "" },
        { "networking.v1.IngressSpec", 34, "{}", "E0705 1:1 leads nowhere: give 'rules' or a 'defaultBackend'" },
        { "networking.v1.IngressSpec", 34, "defaultBackend: " BACKEND, "" },
        { "networking.v1.IngressSpec", 34,
          "{ingressClassName: A b, defaultBackend: {service: {name: a.b}}, tls: [{hosts: [\"a.b:1\", \"*\"], "
          "secretName: A}]}",
          "E0704 1:20 'ingressClassName' is 'A b', " SUBDOMAIN "\n"
          "E0703 1:51 'defaultBackend.service.port' is missing\n"
          "E0704 1:58 'defaultBackend.service.name' is 'a.b', which holds a character other than a-z, 0-9 and '-'\n"
          "E0704 1:80 'tls[0].hosts[0]' is 'a.b:1', " SUBDOMAIN "\n"
          "E0704 1:89 'tls[0].hosts[1]' is '*', " SUBDOMAIN "\n"
          "E0704 1:107 'tls[0].secretName' is 'A', " SUBDOMAIN },
        { "networking.v1.IngressRule", 34, "host: 10.0.0.1",
          "E0704 1:7 'host' is '10.0.0.1', which is an IP address and no name of a host" },
        { "networking.v1.IngressRule", 34, "http: {paths: []}", "E0704 1:15 'http.paths' needs at least 1 entry" },
        { "networking.v1.HTTPIngressPath", 34, "{path: /a/../b, pathType: Prefix, backend: " BACKEND "}",
          "E0704 1:8 'path' holds '/../', which a server may read in two ways" },
        { "networking.v1.HTTPIngressPath", 34, "{path: //a, pathType: Prefix, backend: " BACKEND "}",
          "E0704 1:8 'path' holds '//', which a server may read in two ways" },
        { "networking.v1.HTTPIngressPath", 34, "{path: /a/.., pathType: Prefix, backend: " BACKEND "}",
          "E0704 1:8 'path' ends in '/..', which a server may read in two ways" },
        { "networking.v1.HTTPIngressPath", 34, "{path: /a%2Fb, pathType: Prefix, backend: " BACKEND "}",
          "E0704 1:8 'path' holds '%2F', which a server may read in two ways" },
        { "networking.v1.IngressBackend", 34, "resource: {apiGroup: \"\", kind: a/b, name: c}",
          "E0704 1:22 'resource.apiGroup' is '', which is empty\n"
          "E0704 1:32 'resource.kind' is 'a/b', which is '.' or '..' or holds '/' or '%'" },
        { "networking.v1.IngressClassSpec", 34, "controller: a.b/c", "" },
        { "networking.v1.IngressClassSpec", 34, "controller: a",
          "E0704 1:13 'controller' is 'a', which is no domain with a path behind it, like example.com/name" },
        { "networking.v1.IngressClassSpec", 34, "controller: a b/c",
          "E0704 1:13 'controller' is 'a b/c', which has a part before the '/' that is no DNS name in lower case" },
        { "networking.v1.IngressClassSpec", 34, "controller: a/b c",
          "E0704 1:13 'controller' is 'a/b c', which holds a character that no path of a URL has" },
        { "networking.v1.IngressClassSpec", 34, "{controller: a/b, parameters: {kind: K, name: m, scope: Namespace}}",
          "E0703 1:31 'parameters.namespace' is missing: the scope is 'Namespace'" },
        { "networking.v1.IngressClassSpec", 34, "{controller: a/b, parameters: {kind: K, name: m, namespace: a}}",
          "E0705 1:61 'parameters.namespace' needs 'scope: Namespace'" },
        { "networking.v1.IngressClassSpec", 34,
          "{controller: a/b, parameters: {kind: K, name: m, scope: Namespace, namespace: a}}",
          "" },
    };
    RULES_RUN(*state, rows);
}

static void a_route_is_what_its_kind_can_be(void **state)
{
    static const struct row rows[] = {
        { "route.Route.spec", 34,
          "{host: A-b.c, to: {kind: Service, name: s}, tls: {termination: passthrough, "
          "insecureEdgeTerminationPolicy: None}}",
          "" },
        { "route.Route.spec", 34,
          "{host: a_b, to: {kind: Service, name: s}, tls: {termination: passthrough, "
          "insecureEdgeTerminationPolicy: Allow}}",
          "E0704 1:8 'host' is 'a_b', which holds a character other than letters, digits, '-' and '.'\n"
          "E0705 1:106 'tls.insecureEdgeTerminationPolicy' must not be 'Allow' with the termination 'passthrough'" },
        { "route.Route.spec", 34, "{host: a..b, to: {kind: Service, name: s}}",
          "E0704 1:8 'host' is 'a..b', which has a part that is empty, longer than 63 characters, or starts or ends "
          "with '-'" },
        { "gateway.TLSRoute.spec", 34,
          "{hostnames: [\"*.a.b\"], rules: [{backendRefs: [{name: s, port: 80}]}], parentRefs: [{name: g, "
          "sectionName: a}, {name: g, sectionName: b}]}",
          "" },
        { "gateway.TLSRoute.spec", 34,
          "{hostnames: [10.0.0.1, A], rules: [{backendRefs: [{name: s}]}, {backendRefs: [{name: s, port: 80}]}]}",
          "E0704 1:14 'hostnames[0]' is '10.0.0.1', which is an IP address and no name of a host\n"
          "E0704 1:24 'hostnames[1]' is 'A', " SUBDOMAIN "\n"
          "E0704 1:35 'rules' may have at most 1 entry\n"
          "E0703 1:51 'rules[0].backendRefs[0].port' is missing: a Service is reached at one of its ports" },
        { "gateway.TLSRoute.spec", 34,
          "{hostnames: [a], rules: [{backendRefs: [{kind: Other, name: s}]}], parentRefs: [{name: g, namespace: A, "
          "sectionName: B}, {name: h}, {name: h}]}",
          "E0704 1:102 'parentRefs[0].namespace' is 'A', which holds a character other than a-z, 0-9 and '-'\n"
          "E0704 1:118 'parentRefs[0].sectionName' is 'B', " SUBDOMAIN "\n"
          "E0707 1:140 'parentRefs[2]' has the same name and sectionName as entry 1 // the first one is here" },
        { "gateway.TCPRoute.spec.parentRefs", 34, "{group: a b, kind: 1K, name: g}",
          "E0704 1:9 'group' is 'a b', " SUBDOMAIN "\n"
          "E0704 1:20 'kind' is '1K', which does not start with a letter, or ends with '-'" },
        { "gateway.TCPRoute.spec.parentRefs", 34, "{group: \"\", kind: Gate-way, name: g}", "" },
    };
    RULES_RUN(*state, rows);
}

static void storage_is_of_some_kind_and_size(void **state)
{
    static const struct row rows[] = {
        { "core.v1.PersistentVolumeSpec", 34,
          "{accessModes: [ReadWriteOnce], capacity: {storage: 1Gi}, local: {path: /a}, "
          "nodeAffinity: {required: {nodeSelectorTerms: [{}]}}}",
          "" },
        { "core.v1.PersistentVolumeSpec", 34, "{local: {path: /a/../b}}",
          "E0703 1:1 'accessModes' is missing\n"
          "E0703 1:1 'capacity' is missing\n"
          "E0703 1:1 'nodeAffinity' is missing: a local volume is on one node\n"
          "E0704 1:16 'local.path' is '/a/../b', which holds a '..'" },
        { "core.v1.PersistentVolumeSpec", 34,
          "{accessModes: [ReadWriteOnce, ReadWriteOncePod], capacity: {storage: 0, cpu: 1}, hostPath: {path: /a}, "
          "persistentVolumeReclaimPolicy: Recycle, storageClassName: A}",
          "E0705 1:15 'accessModes' may hold nothing beside 'ReadWriteOncePod'\n"
          "E0704 1:70 'capacity.storage' must be more than nothing\n"
          "E0705 1:78 'capacity.cpu' must not stand: a volume has only 'storage'\n"
          "W0708 1:135 'persistentVolumeReclaimPolicy' is the deprecated 'Recycle' / use 'Delete' and let a "
          "StorageClass make the volumes\n"
          "E0704 1:162 'storageClassName' is 'A', " SUBDOMAIN },
        { "core.v1.PersistentVolumeSpec", 34,
          "{accessModes: [ReadWriteOnce], capacity: {storage: 1Gi}, local: {path: /a}, nodeAffinity: {}}",
          "E0703 1:91 'nodeAffinity.required' is missing" },
        { "storage.v1.StorageClass", 34,
          "{metadata: {name: a}, provisioner: Ebs.csi/x, parameters: {a: b}, "
          "allowedTopologies: [{matchLabelExpressions: [{key: a, values: [b]}]}]}",
          "" },
        { "storage.v1.StorageClass", 34,
          "{metadata: {name: a}, provisioner: a b, parameters: {\"\": b}, "
          "allowedTopologies: [{matchLabelExpressions: [{key: a, values: [b, b]}, {key: a, values: []}]}]}",
          "E0704 1:36 'provisioner' is 'a b', " LABEL "\n"
          "E0704 1:58 'parameters.' has an empty key\n"
          "E0707 1:128 'allowedTopologies[0].matchLabelExpressions[0].values[1]' stands twice // the first one is here\n"
          "E0707 1:139 'allowedTopologies[0].matchLabelExpressions[1]' has the same key as entry 0 // the first one is "
          "here\n"
          "E0704 1:150 'allowedTopologies[0].matchLabelExpressions[1].values' needs at least 1 entry" },
        { "storage.v1.StorageClass", 34,
          "{metadata: {name: a}, provisioner: a, allowedTopologies: [{matchLabelExpressions: [{key: a, "
          "values: [b]}]}, {matchLabelExpressions: [{key: a, values: [b]}]}, {}]}",
          "E0707 1:109 'allowedTopologies[1]' is the same as entry 0\n"
          "E0703 1:159 'allowedTopologies[2].matchLabelExpressions' is missing" },
        { "core.v1.PersistentVolumeClaimSpec", 34,
          "{accessModes: [ReadWriteOnce], resources: {requests: {storage: 1Gi}}, dataSourceRef: {apiGroup: a.b, "
          "kind: K, name: x}}",
          "" },
        { "core.v1.PersistentVolumeClaimSpec", 34,
          "{accessModes: [ReadWriteOnce], resources: {requests: {storage: 1Gi}}, dataSource: {kind: K, name: x}}",
          "E0703 1:83 'dataSource.apiGroup' is missing: only claims have none" },
        { "core.v1.CSIPersistentVolumeSource", 34, "{driver: a.b, volumeHandle: h, nodeStageSecretRef: {name: a}}",
          "E0703 1:52 'nodeStageSecretRef.namespace' is missing" },
    };
    RULES_RUN(*state, rows);
}

static void a_role_is_about_resources_or_about_paths(void **state)
{
    static const struct row rows[] = {
        { "rbac.v1.Role", 34, "{metadata: {name: a}, rules: [{apiGroups: [\"\"], resources: [pods], verbs: [get]}]}",
          "" },
        { "rbac.v1.Role", 34, "{metadata: {name: a}, rules: [{verbs: [get]}]}",
          "E0703 1:31 'rules[0].apiGroups' is missing: a rule about resources needs it\n"
          "E0703 1:31 'rules[0].resources' is missing: a rule about resources needs it" },
        { "rbac.v1.Role", 34, "{metadata: {name: a}, rules: [{nonResourceURLs: [/a], verbs: [get]}]}",
          "E0705 1:49 'rules[0].nonResourceURLs' must not stand in a Role, only in a ClusterRole" },
        { "rbac.v1.ClusterRole", 34, "{metadata: {name: a}, rules: [{nonResourceURLs: [/a], verbs: [get]}]}", "" },
        { "rbac.v1.ClusterRole", 34,
          "{metadata: {name: a}, rules: [{nonResourceURLs: [/a], resources: [pods], verbs: [get]}]}",
          "E0705 1:66 'rules[0].resources' must not stand beside 'nonResourceURLs'" },
        { "rbac.v1.ClusterRole", 34, "{metadata: {name: a}, aggregationRule: {}}",
          "E0703 1:40 'aggregationRule.clusterRoleSelectors' is missing" },
        { "rbac.v1.RoleBinding", 34,
          "{metadata: {name: a}, roleRef: {kind: Role, name: a/b}, subjects: [{kind: User, name: \"\"}, "
          "{kind: ServiceAccount, name: A, apiGroup: " RBAC "}, {kind: Group, name: g, apiGroup: x}]}",
          "E0704 1:51 'roleRef.name' is 'a/b', which is '.' or '..' or holds '/' or '%'\n"
          "E0704 1:87 'subjects[0].name' is empty\n"
          "E0704 1:121 'subjects[1].name' is 'A', " SUBDOMAIN "\n"
          "E0705 1:134 'subjects[1].apiGroup' must not stand with a ServiceAccount\n"
          "E0705 1:195 'subjects[2].apiGroup' must be 'rbac.authorization.k8s.io'" },
        { "rbac.v1.RoleBinding", 34,
          "{metadata: {name: a}, roleRef: {apiGroup: \"\", kind: Role, name: b}, subjects: [{kind: User, "
          "name: \"a b\", apiGroup: " RBAC "}, {kind: ServiceAccount, name: a}]}",
          "" },
        { "rbac.v1.ClusterRoleBinding", 34,
          "{metadata: {name: a}, roleRef: {kind: Role, name: a}, subjects: [{kind: ServiceAccount, name: a}]}",
          "E0704 1:39 'roleRef.kind' is 'Role', which is none of: ClusterRole\n"
          "E0703 1:66 'subjects[0].namespace' is missing: it says which ServiceAccount is meant" },
        { "rbac.v1.ClusterRoleBinding", 34,
          "{metadata: {name: a}, roleRef: {kind: ClusterRole, name: a}, subjects: [{kind: ServiceAccount, name: a, "
          "namespace: b}]}",
          "" },
    };
    RULES_RUN(*state, rows);
}

static void labels_and_names_that_mean_something_are_right(void **state)
{
    static const struct row rows[] = {
        { "core.v1.Namespace", 34,
          "{metadata: {name: a, labels: {" STANDARD "enforce: restricted, " STANDARD "warn-version: v1.34, "
          "" STANDARD "audit-version: latest}}}",
          "" },
        { "core.v1.Namespace", 34,
          "{metadata: {name: a, labels: {" STANDARD "enforce: strict, " STANDARD "warn-version: \"1.34\"}}}",
          "E0704 1:67 'metadata.labels[\"pod-security.kubernetes.io/enforce\"]' is 'strict', which is none of: "
          "privileged, baseline, restricted\n"
          "E0704 1:116 'metadata.labels[\"pod-security.kubernetes.io/warn-version\"]' is '1.34', which is no version "
          "like v1.34, nor 'latest'" },
        { "scheduling.v1.PriorityClass", 34, "{metadata: {name: system-node-critical}}", "" },
        { "scheduling.v1.PriorityClass", 34, "{metadata: {name: system-mine}}",
          "E0704 1:19 'metadata.name' is 'system-mine', and names that start with 'system-' are the cluster's own" },
        { "apis.meta.v1.ObjectMeta", 34, "{finalizers: [a.b/c, foregroundDeletion]}", "" },
        { "apis.meta.v1.ObjectMeta", 34, "{finalizers: [mine]}",
          "E0704 1:15 'finalizers[0]' is 'mine', which has no domain before a '/'" },
        { "apis.meta.v1.ObjectMeta", 34, "ownerReferences: [{apiVersion: v1, kind: Pod, name: a, uid: \"\"}]",
          "E0704 1:61 'ownerReferences[0].uid' is empty" },
        { "apis.meta.v1.ObjectMeta", 34, "annotations: {A.b/c: x}", "" },
        { "apis.meta.v1.ObjectMeta", 34, "annotations: {a_b/c: x}",
          "E0704 1:22 'annotations[\"a_b/c\"]' has a key that has a part before the '/' that is no DNS name" },
        { "apis.meta.v1.ObjectMeta", 27,
          "annotations: {scheduler.alpha.kubernetes.io/critical-pod: \"\", "
          "service.kubernetes.io/topology-aware-hints: Auto}",
          "W0708 1:59 'annotations[\"scheduler.alpha.kubernetes.io/critical-pod\"]' is deprecated / use "
          "'priorityClassName' instead\n"
          "W0708 1:107 'annotations[\"service.kubernetes.io/topology-aware-hints\"]' is deprecated / use the annotation "
          "'service.kubernetes.io/topology-mode' instead" },
        { "apis.meta.v1.ObjectMeta", 29, "annotations: {container.apparmor.security.beta.kubernetes.io/a: b}", "" },
        { "apis.meta.v1.ObjectMeta", 30, "annotations: {container.apparmor.security.beta.kubernetes.io/a: b}",
          "W0708 1:65 'annotations[\"container.apparmor.security.beta.kubernetes.io/a\"]' is deprecated / use "
          "'appArmorProfile' instead" },
        { "apps.v1.Deployment", 34, "{metadata: {name: a.b}, spec: {" LABELLED "}}}}",
          "W0708 1:19 'metadata.name' is 'a.b', and part of names of hosts, which have no dots and at most 63 characters" },
        { "apps.v1.StatefulSet", 34, "{metadata: {name: a.b}, spec: {serviceName: s, " LABELLED "}}}}",
          "E0704 1:19 'metadata.name' is 'a.b', which holds a character other than a-z, 0-9 and '-'" },
        { "core.v1.Secret", 34, "{metadata: {name: a}, type: kubernetes.io/basic-auth, stringData: {password: b}}", "" },
        { "core.v1.Secret", 34, "{metadata: {name: a}, type: kubernetes.io/basic-auth}",
          "E0705 1:29 has no 'username' and no 'password', of which the type 'kubernetes.io/basic-auth' needs one" },
        { "core.v1.Secret", 34, "{metadata: {name: a}, type: kubernetes.io/service-account-token}",
          "E0703 1:29 'metadata.annotations[\"kubernetes.io/service-account.name\"]' is missing: the type "
          "'kubernetes.io/service-account-token' needs it" },
        { "core.v1.Secret", 34,
          "{metadata: {name: a, annotations: {kubernetes.io/service-account.name: b}}, "
          "type: kubernetes.io/service-account-token}",
          "" },
        { "core.v1.Secret", 34, "{metadata: {name: a}, type: kubernetes.io/dockercfg}",
          "E0705 1:1 has no '.dockercfg', which the type 'kubernetes.io/dockercfg' needs" },
        { "core.v1.Secret", 34, "{metadata: {name: a}, data: {a: 1234, b: true}}",
          "E0702 1:33 'data.a' must be a string, not a number / put it in quotes\n"
          "E0702 1:42 'data.b' must be a string, not a boolean / put it in quotes" },
    };
    RULES_RUN(*state, rows);
}

static void an_autoscaler_has_numbers_to_go_by(void **state)
{
    static const struct row rows[] = {
        { "autoscaling.v2.HorizontalPodAutoscalerSpec", 34,
          "{scaleTargetRef: {apiVersion: apps/v1, kind: Deployment, name: d}, minReplicas: 2, maxReplicas: 2, "
          "metrics: [{type: Resource, resource: {name: cpu, target: {type: Utilization, averageUtilization: 50}}}]}",
          "" },
        { "autoscaling.v2.HorizontalPodAutoscalerSpec", 34,
          "{scaleTargetRef: {apiVersion: v1, kind: Deployment, name: d}, minReplicas: 3, maxReplicas: 2}",
          "E0704 1:31 'scaleTargetRef.apiVersion' is 'v1', which is no group and version like apps/v1\n"
          "E0705 1:92 'maxReplicas' is 2, less than the minReplicas of 3" },
        { "autoscaling.v2.HorizontalPodAutoscalerSpec", 34, "{scaleTargetRef: {kind: a/b, name: d}, maxReplicas: 0}",
          "E0703 1:18 'scaleTargetRef.apiVersion' is missing\n"
          "E0704 1:25 'scaleTargetRef.kind' is 'a/b', which is '.' or '..' or holds '/' or '%'\n"
          "E0704 1:53 'maxReplicas' must be at least 1, not 0" },
        { "autoscaling.v2.MetricSpec", 34,
          "{type: Resource, external: {metric: {name: m}, target: {type: Value, value: 1}}}",
          "E0703 1:8 'resource' is missing: the type 'Resource' needs it\n"
          "E0705 1:28 'external' needs the type 'External'" },
        { "autoscaling.v2.MetricSpec", 34, "{type: Resource, resource: {name: cpu, target: {type: Utilization}}}",
          "E0703 1:48 'resource.target.averageUtilization' is missing: the metric is compared with it" },
        { "autoscaling.v2.MetricSpec", 34,
          "{type: Resource, resource: {name: cpu, target: {type: Utilization, averageUtilization: 1, averageValue: 1}}}",
          "E0705 1:105 'resource.target.averageValue' must not stand beside 'averageUtilization'" },
        { "autoscaling.v2.MetricSpec", 34,
          "{type: Object, object: {describedObject: {kind: K, name: m}, metric: {name: m}, target: {type: Value, "
          "value: 1, averageValue: 1}}}",
          "" },
        { "autoscaling.v2.MetricSpec", 34,
          "{type: Pods, pods: {metric: {name: a/b}, target: {type: AverageValue, averageValue: 0}}}",
          "E0704 1:36 'pods.metric.name' is 'a/b', which is '.' or '..' or holds '/' or '%'\n"
          "E0704 1:85 'pods.target.averageValue' must be more than nothing" },
        { "autoscaling.v2.HPAScalingRules", 34,
          "{policies: [{type: Pods, value: 0, periodSeconds: 1801}], stabilizationWindowSeconds: 3601, tolerance: -1}",
          "E0704 1:33 'policies[0].value' must be at least 1, not 0\n"
          "E0704 1:51 'policies[0].periodSeconds' must be at most 1800, not 1801\n"
          "E0704 1:87 'stabilizationWindowSeconds' must be at most 3600, not 3601\n"
          "E0704 1:104 'tolerance' must not be negative" },
        { "autoscaling.v2.HPAScalingRules", 34, "{policies: []}", "E0704 1:12 'policies' needs at least 1 entry" },
    };
    RULES_RUN(*state, rows);
}

static void bounds_of_a_namespace_leave_room(void **state)
{
    static const struct row rows[] = {
        { "core.v1.LimitRangeItem", 34,
          "{type: Container, min: {cpu: 1}, defaultRequest: {cpu: 1}, default: {cpu: 2}, max: {cpu: 2}, "
          "maxLimitRequestRatio: {cpu: 2}}",
          "" },
        { "core.v1.LimitRangeItem", 34, "{type: Container, min: {cpu: 3}, max: {cpu: 2}}",
          "E0705 1:30 'min.cpu' is 3, more than the 'max' of 2" },
        { "core.v1.LimitRangeItem", 34, "{type: Container, defaultRequest: {cpu: 3}, default: {cpu: 2}}",
          "E0705 1:41 'defaultRequest.cpu' is 3, more than the 'default' of 2" },
        { "core.v1.LimitRangeItem", 34, "{type: Container, min: {cpu: 1}, max: {cpu: 2}, maxLimitRequestRatio: {cpu: 3}}",
          "E0705 1:77 'maxLimitRequestRatio.cpu' is 3, more than 'max' is of 'min'" },
        { "core.v1.LimitRangeItem", 34, "{type: Container, maxLimitRequestRatio: {cpu: 0.5}}",
          "E0704 1:47 'maxLimitRequestRatio.cpu' must be at least 1" },
        { "core.v1.LimitRangeItem", 34, "{type: Pod, default: {cpu: 2}, max: {mem: 1}}",
          "E0705 1:22 'default' must not stand with the type 'Pod'\n"
          "E0704 1:43 'max.mem' has a key that is none of: cpu, memory, ephemeral-storage, hugepages-SIZE, DOMAIN/NAME" },
        { "core.v1.LimitRangeItem", 34, "{type: PersistentVolumeClaim, max: {storage: 1Gi}}", "" },
        { "core.v1.LimitRangeItem", 34, "{type: PersistentVolumeClaim, max: {cpu: 1}}",
          "E0703 1:1 'max' is missing: claims are bounded by 'storage' in 'min' or 'max'" },
        { "core.v1.LimitRangeSpec", 34, "limits: [{type: Pod}, {type: Pod}]",
          "E0707 1:30 'limits[1]' has the same type as entry 0 // the first one is here" },
        { "core.v1.ResourceQuotaSpec", 34,
          "hard: {pods: 5, requests.cpu: 500m, requests.hugepages-2Mi: 4Mi, count/jobs.batch: 3}",
          "" },
        { "core.v1.ResourceQuotaSpec", 34, "hard: {pod: 5, pods: -1, services: 1.5}",
          "E0704 1:13 'hard.pod' has a key that is nothing that a quota counts\n"
          "E0704 1:22 'hard.pods' must not be negative\n"
          "E0704 1:36 'hard.services' is finer than one: 1.5" },
    };
    RULES_RUN(*state, rows);
}

static void a_whole_object_has_a_spec(void **state)
{
    static const struct row rows[] = {
        { "core.v1.Pod", 34, "{metadata: {name: a}}", "E0703 1:1 'spec' is missing" },
        { "apps.v1.StatefulSet", 34, "{metadata: {name: a}}", "E0703 1:1 'spec' is missing" },
        { "core.v1.Service", 34, "{metadata: {name: a}}", "E0703 1:1 'spec' is missing" },
        { "networking.v1.Ingress", 34, "{metadata: {name: a}}", "E0703 1:1 'spec' is missing" },
        { "core.v1.PodTemplate", 34, "{metadata: {name: a}, template: {}}", "E0703 1:33 'template.spec' is missing" },
        { "core.v1.ConfigMap", 34, "{metadata: {name: a}}", "" },
    };
    RULES_RUN(*state, rows);
}

int main(void)
{
    FIXTURE_GUARD();
    const struct CMUnitTest tests[] = {
        FIXTURE_TEST(a_service_has_addresses_that_can_be),
        FIXTURE_TEST(a_service_sends_traffic_where_its_version_can),
        FIXTURE_TEST(the_name_of_a_service_may_start_with_a_digit_since_1_36),
        FIXTURE_TEST(an_ingress_leads_somewhere),
        FIXTURE_TEST(a_route_is_what_its_kind_can_be),
        FIXTURE_TEST(storage_is_of_some_kind_and_size),
        FIXTURE_TEST(a_role_is_about_resources_or_about_paths),
        FIXTURE_TEST(labels_and_names_that_mean_something_are_right),
        FIXTURE_TEST(an_autoscaler_has_numbers_to_go_by),
        FIXTURE_TEST(bounds_of_a_namespace_leave_room),
        FIXTURE_TEST(a_whole_object_has_a_spec),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
