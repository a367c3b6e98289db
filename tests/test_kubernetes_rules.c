/* What the API server asks of pods beyond the schema, each rule kept and broken. Containers and other objects: the other files of
 * tests/test_kubernetes_*.c. */
#include "rules.h"

#define BOX "containers: [{name: c, image: i"
#define SPREAD "maxSkew: 1, topologyKey: z, whenUnsatisfiable: DoNotSchedule"
#define NODES \
    "nodeAffinity: {requiredDuringSchedulingIgnoredDuringExecution: {nodeSelectorTerms: " \
    "[{matchExpressions: [{key: a, operator: In, values: "
#define SUBDOMAIN "which holds a character other than a-z, 0-9, '-' and '.'"
#define LABEL "which holds a character other than letters, digits, '-', '_' and '.'"

static void a_container_may_sleep_as_long_as_its_pod_has_to_end(void **state)
{
    static const struct row rows[] = {
        { "core.v1.PodSpec", 34, "{" BOX ", lifecycle: {preStop: {sleep: {seconds: 30}}}}]}", "" },
        { "core.v1.PodSpec", 34, "{" BOX ", lifecycle: {preStop: {sleep: {seconds: 31}}}}]}",
          "E0705 1:74 'containers[0].lifecycle.preStop.sleep.seconds' is 31, more than the pod's "
          "terminationGracePeriodSeconds of 30" },
        { "core.v1.PodSpec", 34,
          "{" BOX ", lifecycle: {preStop: {sleep: {seconds: 60}}}}], terminationGracePeriodSeconds: 60}",
          "" },
        { "core.v1.PodSpec", 34,
          "{" BOX ", lifecycle: {postStart: {sleep: {seconds: 61}}}}], terminationGracePeriodSeconds: 60}",
          "E0705 1:76 'containers[0].lifecycle.postStart.sleep.seconds' is 61, more than the pod's "
          "terminationGracePeriodSeconds of 60" },
        { "core.v1.PodSpec", 34, "{" BOX ", lifecycle: {preStop: {sleep: {seconds: -1}}}}]}",
          "E0704 1:74 'containers[0].lifecycle.preStop.sleep.seconds' must be at least 0, not -1" },
        { "core.v1.PodSpec", 33, "{" BOX ", lifecycle: {preStop: {sleep: {seconds: 0}}}}]}", "" },
        { "core.v1.PodSpec", 32, "{" BOX ", lifecycle: {preStop: {sleep: {seconds: 0}}}}]}",
          "E0704 1:74 'containers[0].lifecycle.preStop.sleep.seconds' must be at least 1 before Kubernetes 1.33" },
    };
    RULES_RUN(*state, rows);
}

static void a_port_of_the_host_is_taken_once(void **state)
{
    static const struct row rows[] = {
        { "core.v1.PodSpec", 34,
          "{" BOX ", ports: [{containerPort: 1, hostPort: 5}, {containerPort: 2, hostPort: 5, protocol: UDP}, "
          "{containerPort: 3, hostPort: 5, hostIP: 10.0.0.1}]}]}",
          "" },
        { "core.v1.PodSpec", 34, "{" BOX ", ports: [{containerPort: 1, hostPort: 5}, {containerPort: 2, hostPort: 5}]}]}",
          "E0707 1:105 'containers[0].ports[1].hostPort' is taken by another port of the pod" },
        { "core.v1.PodSpec", 34,
          "containers: [{name: a, image: i, ports: [{containerPort: 1, hostPort: 5}]}, {name: b, image: i, "
          "ports: [{containerPort: 2, hostPort: 5}]}]",
          "E0707 1:134 'containers[1].ports[0].hostPort' is taken by another port of the pod" },
        { "core.v1.PodSpec", 34,
          "{containers: [{name: a, image: i, ports: [{containerPort: 1, hostPort: 5}]}], initContainers: [{name: b, "
          "image: i, ports: [{containerPort: 2, hostPort: 5}]}]}",
          "" },
        { "core.v1.PodSpec", 34,
          "{containers: [{name: a, image: i}], initContainers: [{name: b, image: i, ports: [{containerPort: 2, "
          "hostPort: 5}, {containerPort: 3, hostPort: 5}]}]}",
          "E0707 1:144 'initContainers[0].ports[1].hostPort' is taken by another port of the pod" },
        { "core.v1.PodSpec", 34, "{" BOX ", ports: [{containerPort: 5, hostPort: 5}]}], hostNetwork: true}", "" },
        { "core.v1.PodSpec", 34, "{" BOX ", ports: [{containerPort: 5, hostPort: 6}]}], hostNetwork: true}",
          "E0705 1:72 'containers[0].ports[0].hostPort' must equal the containerPort, as the pod has 'hostNetwork: true'" },
        { "core.v1.PodSpec", 34, "{" BOX ", ports: [{containerPort: 5, hostIP: 10.0.0.1}]}]}",
          "W0708 1:70 'containers[0].ports[0].hostIP' does nothing without a 'hostPort'" },
    };
    RULES_RUN(*state, rows);
}

static void namespaces_of_the_host_exclude_each_other(void **state)
{
    static const struct row rows[] = {
        { "core.v1.PodSpec", 34, "{" BOX "}], hostUsers: false}", "" },
        { "core.v1.PodSpec", 34, "{" BOX "}], hostUsers: false, hostNetwork: true, hostPID: true, hostIPC: true}",
          "E0705 1:68 'hostNetwork' must not be true in a pod with 'hostUsers: false'\n"
          "E0705 1:83 'hostPID' must not be true in a pod with 'hostUsers: false'\n"
          "E0705 1:98 'hostIPC' must not be true in a pod with 'hostUsers: false'" },
        { "core.v1.PodSpec", 34, "{" BOX "}], hostUsers: true, hostNetwork: true}", "" },
        { "core.v1.PodSpec", 34, "{" BOX ", volumeDevices: [{name: a, devicePath: /d}]}], hostUsers: false}",
          "E0705 1:50 'containers[0].volumeDevices' must not stand in a pod with 'hostUsers: false'" },
        { "core.v1.PodSpec", 34, "{" BOX ", securityContext: {procMount: Unmasked}}], hostUsers: false}", "" },
        { "core.v1.PodSpec", 34, "{" BOX ", securityContext: {procMount: Unmasked}}]}",
          "E0705 1:64 'containers[0].securityContext.procMount' is 'Unmasked', which needs a pod with 'hostUsers: false'" },
        { "core.v1.PodSpec", 34, "{" BOX "}], hostPID: true, shareProcessNamespace: true}",
          "E0705 1:75 'shareProcessNamespace' must not be true beside 'hostPID: true'" },
        { "core.v1.PodSpec", 34, "{" BOX "}], hostPID: false, shareProcessNamespace: true}", "" },
        { "core.v1.PodSpec", 34,
          "{" BOX "}], hostNetwork: true, securityContext: {sysctls: [{name: net.a, value: b}, {name: kernel.sem, "
          "value: b}]}}",
          "E0705 1:91 'securityContext.sysctls[0].name' is 'net.a', which a pod with 'hostNetwork: true' cannot set" },
        { "core.v1.PodSpec", 34,
          "{" BOX "}], hostIPC: true, securityContext: {sysctls: [{name: net.a, value: b}, {name: kernel.sem, "
          "value: b}]}}",
          "E0705 1:112 'securityContext.sysctls[1].name' is 'kernel.sem', which a pod with 'hostIPC: true' cannot set" },
    };
    RULES_RUN(*state, rows);
}

static void a_pod_for_an_operating_system_has_only_its_fields(void **state)
{
    static const struct row rows[] = {
        { "core.v1.PodSpec", 34, "{" BOX ", securityContext: {runAsUser: 5}}], os: {name: linux}}", "" },
        { "core.v1.PodSpec", 34, "{" BOX ", securityContext: {windowsOptions: {runAsUserName: a}}}], os: {name: linux}}",
          "E0705 1:69 'containers[0].securityContext.windowsOptions' must not stand in a pod for 'linux'" },
        { "core.v1.PodSpec", 34,
          "{" BOX ", securityContext: {runAsUser: 5}}], os: {name: windows}, hostPID: true, "
          "securityContext: {fsGroup: 5}}",
          "E0705 1:64 'containers[0].securityContext.runAsUser' must not stand in a pod for 'windows'\n"
          "E0705 1:100 'hostPID' must not stand in a pod for 'windows'\n"
          "E0705 1:133 'securityContext.fsGroup' must not stand in a pod for 'windows'" },
        { "core.v1.PodSpec", 34, "{" BOX ", securityContext: {windowsOptions: {runAsUserName: a}}}], os: {name: windows}}",
          "" },
    };
    RULES_RUN(*state, rows);
}

static void a_pod_does_not_contradict_itself(void **state)
{
    static const struct row rows[] = {
        { "core.v1.PodSpec", 34, "{" BOX "}], dnsPolicy: None, dnsConfig: {nameservers: [10.0.0.1]}}", "" },
        { "core.v1.PodSpec", 34, "{" BOX "}], dnsPolicy: None, dnsConfig: {searches: [a]}}",
          "E0705 1:48 'dnsConfig.nameservers' is missing: the dnsPolicy 'None' needs at least one" },
        { "core.v1.PodSpec", 34, "{" BOX "}], dnsPolicy: Default}", "" },
        { "core.v1.PodSpec", 34, "{" BOX "}], nodeName: a, schedulingGates: []}", "" },
        { "core.v1.PodSpec", 34, "{" BOX "}], nodeName: a, schedulingGates: [{name: a/b}]}",
          "E0705 1:47 'nodeName' must not stand beside 'schedulingGates'" },
        { "core.v1.PodSpec", 34, "{" BOX "}], ephemeralContainers: [{name: e, image: i}]}",
          "E0705 1:58 'ephemeralContainers' must not stand in a new pod / they are added to pods that run, with "
          "'kubectl debug'" },
        { "core.v1.PodSpec", 34,
          "{" BOX ", resources: {claims: [{name: gpu}]}}], resourceClaims: [{name: gpu, resourceClaimName: a}]}",
          "" },
        { "core.v1.PodSpec", 34,
          "{" BOX ", resources: {claims: [{name: gpu}]}}], resourceClaims: [{name: cpu, resourceClaimName: a}]}",
          "E0705 1:63 'containers[0].resources.claims[0].name' is 'gpu', and the pod's resourceClaims have none of that "
          "name" },
        { "core.v1.PodSpec", 34, "{" BOX "}], resourceClaims: [{name: a}]}",
          "E0705 1:54 'resourceClaims[0]' needs one more field / give one of: resourceClaimName, resourceClaimTemplateName" },
        { "core.v1.PodSpec", 34,
          "{" BOX "}], resourceClaims: [{name: a, resourceClaimName: b, resourceClaimTemplateName: c}]}",
          "E0705 1:54 'resourceClaims[0]' has fields of which only one may stand: resourceClaimName, "
          "resourceClaimTemplateName" },
        { "core.v1.PodSpec", 34, "{" BOX "}], activeDeadlineSeconds: 2147483648}",
          "E0704 1:60 'activeDeadlineSeconds' must be at most 2147483647, not 2147483648" },
        { "core.v1.PodSpec", 34, "{" BOX "}], imagePullSecrets: [{name: a}]}", "" },
        { "core.v1.PodSpec", 34, "{" BOX "}], imagePullSecrets: [{}]}",
          "W0708 1:56 'imagePullSecrets[0].name' is missing, so no Secret is meant" },
        { "core.v1.PodSpec", 35,
          "{" BOX ", env: [{name: F, valueFrom: {fileKeyRef: {key: K, path: a, volumeName: v}}}]}], "
          "volumes: [{name: v, emptyDir: {}}]}",
          "" },
        { "core.v1.PodSpec", 35,
          "{" BOX ", env: [{name: F, valueFrom: {fileKeyRef: {key: K, path: a, volumeName: v}}}]}], "
          "volumes: [{name: v, hostPath: {path: /a}}]}",
          "E0705 1:105 'containers[0].env[0].valueFrom.fileKeyRef.volumeName' is 'v', and the pod has no emptyDir of "
          "that name" },
        { "core.v1.PodSpec", 35,
          "{" BOX ", restartPolicy: Never, restartPolicyRules: [{action: Restart, exitCodes: {operator: In, "
          "values: [1]}}]}]}",
          "" },
        { "core.v1.PodSpec", 35,
          "{" BOX ", restartPolicyRules: [{action: Restart, exitCodes: {operator: On, values: [1]}}]}]}",
          "E0703 1:55 'containers[0].restartPolicy' is missing: it says what else restarts the container\n"
          "E0702 1:96 'containers[0].restartPolicyRules[0].exitCodes.operator' must be a string, not a boolean / put it "
          "in quotes" },
    };
    RULES_RUN(*state, rows);
}

static void names_of_a_pod_are_names(void **state)
{
    static const struct row rows[] = {
        { "core.v1.PodSpec", 34, "{" BOX "}], nodeName: a.b, runtimeClassName: c, hostname: \"\", subdomain: \"\"}", "" },
        { "core.v1.PodSpec", 34, "{" BOX "}], nodeName: A, runtimeClassName: \"\"}",
          "E0704 1:47 'nodeName' is 'A', " SUBDOMAIN "\n"
          "E0704 1:68 'runtimeClassName' is '', which is empty" },
        { "core.v1.PodSpec", 34, "{" BOX "}], hostAliases: [{ip: 10.0.0.1, hostnames: [a.b]}]}", "" },
        { "core.v1.PodSpec", 34, "{" BOX "}], hostAliases: [{hostnames: [A_b]}]}",
          "E0703 1:51 'hostAliases[0].ip' is missing\n"
          "E0704 1:64 'hostAliases[0].hostnames[0]' is 'A_b', " SUBDOMAIN },
        { "core.v1.PodSpec", 34, "{" BOX "}], hostAliases: [{ip: 10.0.0.300}]}",
          "E0704 1:56 'hostAliases[0].ip' is '10.0.0.300', which is no IP address" },
        { "core.v1.PodSpec", 34, "{" BOX "}], dnsConfig: {nameservers: [a], searches: [a., b_c], options: [{value: x}]}}",
          "E0704 1:63 'dnsConfig.nameservers[0]' is 'a', which is no IP address\n"
          "E0703 1:98 'dnsConfig.options[0].name' is missing" },
        { "core.v1.PodSpec", 33, "{" BOX "}], dnsConfig: {searches: [a., _b._c, .]}}", "" },
        { "core.v1.PodSpec", 32, "{" BOX "}], dnsConfig: {searches: [a., b_c]}}",
          "E0704 1:64 'dnsConfig.searches[1]' is 'b_c', " SUBDOMAIN },
        { "core.v1.PodSpec", 36, "{" BOX "}], dnsConfig: {searches: [a_, _]}}",
          "E0704 1:60 'dnsConfig.searches[0]' is 'a_', which has a part that is empty or starts or ends with '-'\n"
          "E0704 1:64 'dnsConfig.searches[1]' is '_', which has a part that is empty or starts or ends with '-'" },
        { "core.v1.PodSpec", 34, "{" BOX "}], readinessGates: [{conditionType: a.b/C}]}", "" },
        { "core.v1.PodSpec", 34, "{" BOX "}], readinessGates: [{conditionType: a b}]}",
          "E0704 1:70 'readinessGates[0].conditionType' is 'a b', " LABEL },
    };
    RULES_RUN(*state, rows);
}

static void an_address_in_two_forms_is_refused_since_1_36(void **state)
{
    static const struct row rows[] = {
        { "core.v1.PodDNSConfig", 35, "nameservers: [\"::ffff:10.0.0.1\"]",
          "W0708 1:15 'nameservers[0]' is '::ffff:10.0.0.1', which is an IPv4 address in IPv6 form: write it as IPv4 / "
          "Kubernetes 1.36 and later refuse it" },
        { "core.v1.PodDNSConfig", 36, "nameservers: [\"::ffff:10.0.0.1\"]",
          "E0704 1:15 'nameservers[0]' is '::ffff:10.0.0.1', which is an IPv4 address in IPv6 form: write it as IPv4" },
        { "core.v1.PodDNSConfig", 36, "nameservers: [\"fd00::1\"]", "" },
        { "networking.v1.IPBlock", 35, "cidr: 10.0.0.1/8",
          "W0708 1:7 'cidr' is '10.0.0.1/8', which has bits set beyond its prefix, and must start where the range "
          "starts / Kubernetes 1.36 and later refuse it" },
        { "networking.v1.IPBlock", 36, "cidr: 10.0.0.1/8",
          "E0704 1:7 'cidr' is '10.0.0.1/8', which has bits set beyond its prefix, and must start where the range starts" },
        { "networking.v1.IPBlock", 36, "cidr: 10.0.0.0/8", "" },
        { "networking.v1.IPBlock", 36, "cidr: 010.0.0.0/8",
          "E0704 1:7 'cidr' is '010.0.0.0/8', which is no range of addresses like 10.0.0.0/8" },
        { "networking.v1.IPBlock", 36, "cidr: \"fd00::1/8\"",
          "E0704 1:7 'cidr' is 'fd00::1/8', which has bits set beyond its prefix, and must start where the range starts" },
        { "networking.v1.IPBlock", 36, "cidr: \"::ffff:10.0.0.0/104\"",
          "E0704 1:7 'cidr' is '::ffff:10.0.0.0/104', which is a range of IPv4 in IPv6 form: write it as IPv4" },
        { "networking.v1.IPBlock", 36, "cidr: 0.0.0.0/0", "" },
    };
    RULES_RUN(*state, rows);
}

static void a_container_asks_for_what_nodes_have(void **state)
{
    static const struct row rows[] = {
        { "core.v1.ResourceRequirements", 34,
          "{requests: {cpu: 1, example.com/gpu: 2}, limits: {example.com/gpu: 2, ephemeral-storage: 1Gi}}",
          "" },
        { "core.v1.ResourceRequirements", 34, "limits: {mem: 1Gi}",
          "E0704 1:15 'limits.mem' has a key that is none of: cpu, memory, ephemeral-storage, hugepages-SIZE, DOMAIN/NAME" },
        { "core.v1.ResourceRequirements", 34, "limits: {storage: 1Gi}",
          "E0704 1:19 'limits.storage' has a key that is none of: cpu, memory, ephemeral-storage, hugepages-SIZE, "
          "DOMAIN/NAME" },
        { "core.v1.ResourceRequirements", 34, "limits: {requests.a/b: 1}",
          "E0704 1:24 'limits[\"requests.a/b\"]' has a key that starts with 'requests.', as only the keys of quotas do" },
        { "core.v1.ResourceRequirements", 34, "limits: {cpu: -1}", "E0704 1:15 'limits.cpu' must not be negative" },
        { "core.v1.ResourceRequirements", 34, "requests: {example.com/gpu: 1}",
          "E0705 1:29 'requests[\"example.com/gpu\"]' needs a limit of the same amount" },
        { "core.v1.ResourceRequirements", 34, "{requests: {example.com/gpu: 1}, limits: {example.com/gpu: 2}}",
          "E0705 1:30 'requests[\"example.com/gpu\"]' is 1, and must equal the limit of 2 // the limit is here" },
        { "core.v1.ResourceRequirements", 34, "limits: {example.com/gpu: 0.5}",
          "E0704 1:27 'limits[\"example.com/gpu\"]' is finer than one: 0.5" },
        { "core.v1.ResourceRequirements", 34, "limits: {hugepages-2Mi: 4Mi, memory: 1Gi}", "" },
        { "core.v1.ResourceRequirements", 34, "limits: {hugepages-2Mi: 3Mi, memory: 1Gi}",
          "E0705 1:25 'limits.hugepages-2Mi' is 3Mi, and must be a multiple of 2Mi" },
        { "core.v1.ResourceRequirements", 34, "limits: {hugepages-2Mi: 4Mi}",
          "E0705 1:25 'limits.hugepages-2Mi' needs 'cpu' or 'memory' beside it" },
        { "core.v1.ResourceRequirements", 34, "limits: {hugepages-x: 4Mi, cpu: 1}",
          "E0704 1:23 'limits.hugepages-x' has a key that does not end in the size of a page, like 2Mi" },
        { "core.v1.PodSpec", 34, "{containers: [{name: a, image: b}], overhead: {mem: 1}}",
          "E0704 1:53 'overhead.mem' has a key that is none of: cpu, memory, ephemeral-storage, hugepages-SIZE, DOMAIN/NAME" },
        { "core.v1.PersistentVolumeClaimSpec", 34,
          "{accessModes: [ReadWriteOnce], storageClassName: A b, resources: {requests: {storage: 0}}}",
          "E0704 1:50 'storageClassName' is 'A b', " SUBDOMAIN "\n"
          "E0704 1:87 'resources.requests.storage' must be more than nothing" },
    };
    RULES_RUN(*state, rows);
}

static void a_pod_as_a_whole_bounds_its_containers(void **state)
{
    static const struct row rows[] = {
        { "core.v1.PodSpec", 34,
          "{" BOX ", resources: {requests: {cpu: 1}, limits: {cpu: 2}}}], resources: {requests: {cpu: 1}, "
          "limits: {cpu: 2}}}",
          "" },
        { "core.v1.PodSpec", 34, "{" BOX ", resources: {limits: {cpu: 3}}}], resources: {limits: {cpu: 2}}}",
          "E0705 1:61 'containers[0].resources.limits.cpu' is 3, more than the pod's limit of 2\n"
          "E0705 1:94 'resources.limits.cpu' is 2, less than the containers of the pod ask for together" },
        { "core.v1.PodSpec", 34, "{" BOX ", resources: {requests: {memory: 2Gi}}}], resources: {requests: {memory: 1Gi}}}",
          "E0705 1:106 'resources.requests.memory' is 1Gi, less than the containers of the pod ask for together" },
        { "core.v1.PodSpec", 34,
          "{containers: [{name: a, image: b, resources: {requests: {cpu: 1}}}, {name: c, image: b, "
          "resources: {requests: {cpu: 1}}}], resources: {requests: {cpu: 1500m}}}",
          "E0705 1:152 'resources.requests.cpu' is 1500m, less than the containers of the pod ask for together" },
        { "core.v1.PodSpec", 34,
          "{containers: [{name: a, image: b, resources: {requests: {cpu: 1}}}], initContainers: [{name: c, image: b, "
          "resources: {requests: {cpu: 1}}}], resources: {requests: {cpu: 1}}}",
          "" },
        { "core.v1.PodSpec", 34,
          "{containers: [{name: a, image: b, resources: {requests: {cpu: 1}}}], initContainers: [{name: c, image: b, "
          "restartPolicy: Always, resources: {requests: {cpu: 1}}}], resources: {requests: {cpu: 1}}}",
          "E0705 1:193 'resources.requests.cpu' is 1, less than the containers of the pod ask for together" },
        { "core.v1.PodSpec", 34, "{" BOX "}], resources: {requests: {ephemeral-storage: 1Gi}}}",
          "E0705 1:79 'resources.requests.ephemeral-storage' must not stand: a pod as a whole has only cpu, memory and "
          "huge pages" },
        { "core.v1.PodSpec", 34,
          "{" BOX "}], resourceClaims: [{name: a, resourceClaimName: b}], resources: {claims: [{name: a}]}}",
          "E0705 1:108 'resources.claims' must not stand: only containers claim devices" },
    };
    RULES_RUN(*state, rows);
}

static void labels_of_nodes_can_be_labels(void **state)
{
    static const struct row rows[] = {
        { "core.v1.Affinity", 34, NODES "[b]}]}]}}", "" },
        { "core.v1.Affinity", 34, NODES "[a b]}]}]}}",
          "E0704 1:137 'nodeAffinity.requiredDuringSchedulingIgnoredDuringExecution.nodeSelectorTerms[0]."
          "matchExpressions[0].values[0]' is 'a b', " LABEL },
        { "core.v1.Affinity", 34,
          "nodeAffinity: {preferredDuringSchedulingIgnoredDuringExecution: [{weight: 1, "
          "preference: {matchExpressions: [{key: a, operator: In, values: [a b]}]}}]}",
          "W0708 1:142 'nodeAffinity.preferredDuringSchedulingIgnoredDuringExecution[0].preference."
          "matchExpressions[0].values[0]' is 'a b', which no label can be: it holds a character other than letters, "
          "digits, '-', '_' and '.'" },
        { "core.v1.NodeSelectorTerm", 34, "matchFields: [{key: metadata.name, operator: In, values: [node.a]}]", "" },
        { "core.v1.NodeSelectorTerm", 34, "matchFields: [{key: spec.name, operator: Exists}]",
          "E0703 1:15 'matchFields[0].values' is missing\n"
          "E0704 1:21 'matchFields[0].key' is 'spec.name', which is none of: metadata.name\n"
          "E0704 1:42 'matchFields[0].operator' is 'Exists', which is none of: In, NotIn" },
        { "core.v1.NodeSelectorTerm", 34, "matchFields: [{key: metadata.name, operator: In, values: [a, B]}]",
          "E0704 1:58 'matchFields[0].values' may have at most 1 entry\n"
          "E0704 1:62 'matchFields[0].values[1]' is 'B', " SUBDOMAIN },
        { "core.v1.NodeSelectorRequirement", 34, "{key: beta.kubernetes.io/arch, operator: Exists}",
          "W0708 1:7 'key' uses the deprecated label 'beta.kubernetes.io/arch' / write 'kubernetes.io/arch'" },
        { "core.v1.PodSpec", 34,
          "{" BOX "}], nodeSelector: {failure-domain.beta.kubernetes.io/zone: a, beta.kubernetes.io/os: linux}}",
          "W0708 1:92 'nodeSelector[\"failure-domain.beta.kubernetes.io/zone\"]' uses the deprecated label "
          "'failure-domain.beta.kubernetes.io/zone' / write 'topology.kubernetes.io/zone'\n"
          "W0708 1:118 'nodeSelector[\"beta.kubernetes.io/os\"]' uses the deprecated label 'beta.kubernetes.io/os' / "
          "write 'kubernetes.io/os'" },
        { "core.v1.PodSpec", 34, "{" BOX "}], nodeSelector: {kubernetes.io/os: linux}}", "" },
        { "core.v1.PodSpec", 34, "{" BOX "}], nodeSelector: {a b: c d}}",
          "E0704 1:57 'nodeSelector[\"a b\"]' has a key that holds a character other than letters, digits, '-', '_' and "
          "'.'\n"
          "E0704 1:57 'nodeSelector[\"a b\"]' is 'c d', " LABEL " / what does not fit a label may stand in an annotation" },
        { "apis.meta.v1.LabelSelectorRequirement", 34, "{key: a, operator: In, values: [-b]}",
          "E0704 1:33 'values[0]' is '-b', which starts or ends with something other than a letter or digit" },
        { "apis.meta.v1.LabelSelectorRequirement", 34, "{key: a, operator: In, values: [\"\"]}", "" },
    };
    RULES_RUN(*state, rows);
}

static void keys_whose_values_come_from_the_pod_need_a_selector_without_them(void **state)
{
    static const struct row rows[] = {
        { "core.v1.TopologySpreadConstraint", 34, "{" SPREAD ", matchLabelKeys: [a], labelSelector: {matchLabels: {b: c}}}",
          "" },
        { "core.v1.TopologySpreadConstraint", 34, "{" SPREAD ", matchLabelKeys: [a]}",
          "W0708 1:1 'labelSelector' is missing, so no pod is meant\n"
          "E0705 1:80 'matchLabelKeys' needs a 'labelSelector' beside it" },
        { "core.v1.TopologySpreadConstraint", 34, "{" SPREAD ", matchLabelKeys: [a], labelSelector: {matchLabels: {a: c}}}",
          "E0705 1:81 'matchLabelKeys[0]' is 'a', by which the labelSelector selects, too" },
        { "core.v1.TopologySpreadConstraint", 34,
          "{" SPREAD ", matchLabelKeys: [a], labelSelector: {matchExpressions: [{key: a, operator: Exists}]}}",
          "E0705 1:81 'matchLabelKeys[0]' is 'a', by which the labelSelector selects, too" },
        { "core.v1.TopologySpreadConstraint", 34, "{" SPREAD ", matchLabelKeys: [a b], labelSelector: {}}",
          "E0704 1:81 'matchLabelKeys[0]' is 'a b', " LABEL },
        { "core.v1.TopologySpreadConstraint", 34, "{" SPREAD "}",
          "W0708 1:1 'labelSelector' is missing, so no pod is meant" },
        { "core.v1.TopologySpreadConstraint", 34,
          "{maxSkew: 1, topologyKey: failure-domain.beta.kubernetes.io/zone, whenUnsatisfiable: DoNotSchedule, "
          "labelSelector: {}}",
          "W0708 1:27 'topologyKey' uses the deprecated label 'failure-domain.beta.kubernetes.io/zone' / write "
          "'topology.kubernetes.io/zone'" },
        { "core.v1.PodAffinityTerm", 34,
          "{topologyKey: z, matchLabelKeys: [a], mismatchLabelKeys: [b], labelSelector: {}, namespaces: [a]}",
          "" },
        { "core.v1.PodAffinityTerm", 34, "{topologyKey: z, mismatchLabelKeys: [b], labelSelector: {matchLabels: {b: c}}}",
          "" },
        { "core.v1.PodAffinityTerm", 34, "{topologyKey: z, matchLabelKeys: [a], mismatchLabelKeys: [a], labelSelector: {}}",
          "E0705 1:59 'mismatchLabelKeys[0]' is 'a', which stands in 'matchLabelKeys', too" },
        { "core.v1.PodAffinityTerm", 34, "{topologyKey: z, mismatchLabelKeys: [b], namespaces: [A]}",
          "W0708 1:1 'labelSelector' is missing, so no pod is meant\n"
          "E0705 1:37 'mismatchLabelKeys' needs a 'labelSelector' beside it\n"
          "E0704 1:55 'namespaces[0]' is 'A', which holds a character other than a-z, 0-9 and '-'" },
    };
    RULES_RUN(*state, rows);
}

static void a_toleration_compares_with_what_a_taint_can_be(void **state)
{
    static const struct row rows[] = {
        { "core.v1.Toleration", 34, "{key: a, value: b}", "" },
        { "core.v1.Toleration", 34, "{key: a, operator: Equal, value: a b}", "E0704 1:34 'value' is 'a b', " LABEL },
        { "core.v1.Toleration", 34, "{key: a, operator: Lt, value: \"5\"}",
          "E0704 1:20 'operator' is 'Lt', which is none of: Exists, Equal" },
        { "core.v1.Toleration", 34, "{operator: Exists}", "" },
    };
    RULES_RUN(*state, rows);
}

int main(void)
{
    FIXTURE_GUARD();
    const struct CMUnitTest tests[] = {
        FIXTURE_TEST(a_container_may_sleep_as_long_as_its_pod_has_to_end),
        FIXTURE_TEST(a_port_of_the_host_is_taken_once),
        FIXTURE_TEST(namespaces_of_the_host_exclude_each_other),
        FIXTURE_TEST(a_pod_for_an_operating_system_has_only_its_fields),
        FIXTURE_TEST(a_pod_does_not_contradict_itself),
        FIXTURE_TEST(names_of_a_pod_are_names),
        FIXTURE_TEST(an_address_in_two_forms_is_refused_since_1_36),
        FIXTURE_TEST(a_container_asks_for_what_nodes_have),
        FIXTURE_TEST(a_pod_as_a_whole_bounds_its_containers),
        FIXTURE_TEST(labels_of_nodes_can_be_labels),
        FIXTURE_TEST(keys_whose_values_come_from_the_pod_need_a_selector_without_them),
        FIXTURE_TEST(a_toleration_compares_with_what_a_taint_can_be),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
