/* The Kubernetes model: which values and objects it refuses, as the API server would, and with which words. */
#include "fixture.h"
#include "model/kubernetes.h"

#include <stdlib.h>

/* A whole StatefulSet that uses much of what the model knows. */
static const char stateful_set[] =
    "apiVersion: apps/v1\nkind: StatefulSet\n"
    "metadata: {name: orders-broker, namespace: streaming, labels: {app.kubernetes.io/name: kafka}, annotations: {a/b: 'x y'}}\n"
    "spec:\n"
    "  serviceName: orders-headless\n  replicas: 3\n  podManagementPolicy: Parallel\n"
    "  selector: {matchLabels: {app: kafka}, matchExpressions: [{key: app, operator: In, values: [kafka]}]}\n"
    "  updateStrategy: {type: RollingUpdate, rollingUpdate: {partition: 0}}\n"
    "  persistentVolumeClaimRetentionPolicy: {whenDeleted: Retain, whenScaled: Retain}\n"
    "  template:\n"
    "    metadata: {labels: {app: kafka}}\n"
    "    spec:\n"
    "      terminationGracePeriodSeconds: 120\n      enableServiceLinks: false\n      nodeSelector: {disk: fast}\n"
    "      securityContext: {runAsNonRoot: true, runAsUser: 1000, fsGroup: 1000, seccompProfile: {type: RuntimeDefault}}\n"
    "      tolerations: [{key: kafka, operator: Equal, value: 'yes', effect: NoExecute, tolerationSeconds: 60}]\n"
    "      topologySpreadConstraints: [{maxSkew: 1, topologyKey: zone, whenUnsatisfiable: DoNotSchedule, minDomains: 3, labelSelector: {}}]\n"
    "      affinity: {nodeAffinity: {requiredDuringSchedulingIgnoredDuringExecution: {nodeSelectorTerms: [\n"
    "        {matchExpressions: [{key: zone, operator: In, values: [a, b]}, {key: cores, operator: Gt, values: ['3']}]}]}}}\n"
    "      hostAliases: [{ip: 10.0.0.1, hostnames: [a.example.com]}]\n"
    "      initContainers: [{name: copy, image: a, volumeMounts: [{name: config, mountPath: /c}]}]\n"
    "      containers:\n"
    "      - name: kafka\n        image: apache/kafka:3.9.1\n        command: [sh, -c, exec x]\n"
    "        env: [{name: A, value: 'x'}, {name: B, valueFrom: {fieldRef: {fieldPath: metadata.name}}}]\n"
    "        ports: [{name: internal, containerPort: 9092}, {name: dns, containerPort: 53, protocol: UDP},\n"
    "          {name: dns-tcp, containerPort: 53, protocol: TCP}]\n"
    "        resources: {requests: {cpu: 1500m, memory: 8Gi}, limits: {cpu: 2, memory: 8Gi}}\n"
    "        readinessProbe: {tcpSocket: {port: internal}, periodSeconds: 10}\n"
    "        livenessProbe: {httpGet: {port: 8080, path: /}, successThreshold: 1}\n"
    "        volumeMounts: [{name: data, mountPath: /data}, {name: config, mountPath: /config, subPathExpr: $(POD_NAME)}]\n"
    "        securityContext: {allowPrivilegeEscalation: false, capabilities: {drop: [ALL]}}\n"
    "      volumes:\n"
    "      - {name: config, configMap: {name: orders-config, defaultMode: 420}}\n"
    "      - {name: tmp, emptyDir: {sizeLimit: 64Mi, medium: ''}}\n"
    "      - {name: all, projected: {sources: [{secret: {name: s, items: [{key: a, path: b/c}]}}]}}\n"
    "  volumeClaimTemplates:\n"
    "  - metadata: {name: data}\n"
    "    spec: {accessModes: [ReadWriteOnce], resources: {requests: {storage: 500Gi}}}\n";

static bool check(struct world *w, const char *type, const char *text, int minor, bool partial)
{
    struct val v = fixture_read(w, "description", text);
    const struct k8s_check c = { .cx = &w->cx, .minor = minor, .where = "It", .fallback = v.at, .partial = partial };
    return k8s_check_value(&c, k8s_type(type), &v, "");
}

static void a_good_object_is_accepted_by_every_minor(void **state)
{
    struct world *w = *state;
    for (int minor = 27; minor <= KUBERNETES_NEWEST; minor++, fixture_again(w))
        if (!check(w, "apps.v1.StatefulSet", stateful_set, minor, false))
            fail_msg("1.%d: %s", minor, fixture_findings(w));
    const struct k8s_type *type = k8s_type("apps.v1.StatefulSet");
    const struct val typed = k8s_typed(&w->arena, type, fixture_read(w, "description", stateful_set));
    const struct val made = fixture_unplaced(&w->arena, typed);
    const struct k8s_check c = { .cx = &w->cx, .minor = 34 };
    if (!k8s_check_value(&c, type, &made, ""))
        fail_msg("%s", fixture_findings(w));
}

struct row { const char *type, *text, *findings; };

static void run_rows(struct world *w, const struct row *rows, size_t n, bool partial)
{
    int failures = 0;
    for (size_t i = 0; i < n; i++, fixture_again(w)) {
        const bool fine = check(w, rows[i].type, rows[i].text, 34, partial);
        failures += !fixture_judge(w, i, rows[i].text, rows[i].findings, fine);
    }
    assert_int_equal(failures, 0);
}

#define RUN(rows, partial) run_rows(*state, (rows), sizeof (rows) / sizeof *(rows), (partial))

/* ---- the value of one field ----------------------------------------------------------------------------- */

static void a_number_is_a_whole_number_in_its_range(void **state)
{
    static const struct row rows[] = {
        { "core.v1.PodSpec", "priority: 3", "" },
        { "core.v1.PodSpec", "priority: '3'", "E0702 1:11 'priority' must be a number, not a string / remove the quotes" },
        { "core.v1.PodSpec", "priority: x", "E0702 1:11 'priority' must be a whole number" },
        { "core.v1.PodSpec", "priority: 1e3", "E0702 1:11 'priority' must be a whole number" },
        { "core.v1.PodSpec", "priority: 007", "E0702 1:11 'priority' must be a whole number / write it without the leading zero" },
        { "core.v1.PodSpec", "priority: +5", "E0702 1:11 'priority' must be a whole number" },
        { "core.v1.PodSpec", "priority: [1]", "E0702 1:11 'priority' must be a number, not a list" },
        { "core.v1.PodSpec", "priority: -2147483648", "" },
        { "core.v1.PodSpec", "priority: 2147483648", "E0704 1:11 'priority' must be at most 2147483647, not 2147483648" },
        { "core.v1.PodSpec", "priority: -2147483649", "E0704 1:11 'priority' must be at least -2147483648, not -2147483649" },
        { "core.v1.PodSpec", "terminationGracePeriodSeconds: 9223372036854775807", "" },
        { "core.v1.PodSpec", "terminationGracePeriodSeconds: 9223372036854775808",
          "E0702 1:32 'terminationGracePeriodSeconds' must be a whole number" },
        { "core.v1.PodSpec", "terminationGracePeriodSeconds: -1",
          "E0704 1:32 'terminationGracePeriodSeconds' must be at least 0, not -1" },
        { "core.v1.ConfigMapVolumeSource", "defaultMode: 0644",
          "E0702 1:14 'defaultMode' must be a whole number / write the mode in decimal: 420" },
        { "core.v1.ConfigMapVolumeSource", "defaultMode: 512", "E0704 1:14 'defaultMode' must be at most 511, not 512" },
    };
    RUN(rows, true);
}

static void a_boolean_is_true_or_false(void **state)
{
    static const struct row rows[] = {
        { "core.v1.PodSpec", "hostPID: false", "" },
        { "core.v1.PodSpec", "hostPID: yes", "E0702 1:10 'hostPID' must be true or false, not 'yes' / write true" },
        { "core.v1.PodSpec", "hostPID: Off", "E0702 1:10 'hostPID' must be true or false, not 'Off' / write false" },
        { "core.v1.PodSpec", "hostPID: 'true'",
          "E0702 1:10 'hostPID' must be true or false, not a string / write true without quotes" },
        { "core.v1.PodSpec", "hostPID: 1", "E0702 1:10 'hostPID' must be true or false, not '1'" },
        { "core.v1.PodSpec", "hostPID: {}", "E0702 1:10 'hostPID' must be true or false, not a map" },
    };
    RUN(rows, true);
}

static void a_text_is_a_string_and_follows_its_syntax(void **state)
{
    static const struct row rows[] = {
        { "core.v1.PodSpec", "nodeName: a", "" },
        { "core.v1.PodSpec", "nodeName: 10.0.0.1", "" },
        { "core.v1.PodSpec", "nodeName: '1'", "" },
        { "core.v1.PodSpec", "nodeName: 1", "E0702 1:11 'nodeName' must be a string, not a number / put it in quotes" },
        { "core.v1.PodSpec", "nodeName: no", "E0702 1:11 'nodeName' must be a string, not a boolean / put it in quotes" },
        { "core.v1.PodSpec", "nodeName: [a]", "E0702 1:11 'nodeName' must be a string, not a list" },
        { "core.v1.PodSpec", "nodeSelector: {disk: true}",
          "E0702 1:22 'nodeSelector.disk' must be a string, not a boolean / put it in quotes" },
        { "core.v1.PodSpec", "nodeSelector: {a.b/c: 'a b'}",
          "E0704 1:23 'nodeSelector[\"a.b/c\"]' is 'a b', which holds a character other than letters, digits, '-', '_' and '.'"
          " / what does not fit a label may stand in an annotation" },
        { "core.v1.PodSpec", "nodeSelector: {a b: c}",
          "E0704 1:21 'nodeSelector[\"a b\"]' has a key that holds a character other than letters, digits, '-', '_' and '.'" },
        { "core.v1.PodSpec", "restartPolicy: always",
          "E0704 1:16 'restartPolicy' is 'always', which is none of: Always, OnFailure, Never / did you mean 'Always'?" },
        { "core.v1.PodSpec", "serviceAccountName: A",
          "E0704 1:21 'serviceAccountName' is 'A', which holds a character other than a-z, 0-9, '-' and '.'" },
        { "core.v1.PodSpec", "serviceAccountName: ''", "" },
        { "core.v1.EmptyDirVolumeSource", "medium: HugePages-2Mi", "" },
        { "core.v1.EmptyDirVolumeSource", "medium: memory",
          "E0704 1:9 'medium' is 'memory', which is none of: Memory, HugePages, HugePages-* / did you mean 'Memory'?" },
        { "core.v1.HostAlias", "ip: 10.0.0", "E0704 1:5 'ip' is '10.0.0', which is no IP address" },
        { "core.v1.KeyToPath", "path: a/../b", "E0704 1:7 'path' is 'a/../b', which holds a '..'" },
        { "core.v1.KeyToPath", "path: /a", "E0704 1:7 'path' is '/a', which starts with '/', and must be relative" },
        { "core.v1.KeyToPath", "path: ''", "E0704 1:7 'path' is '', which is empty" },
        { "core.v1.Container", "image: ' a'", "E0704 1:8 'image' is ' a', which starts or ends with a blank" },
    };
    RUN(rows, true);
}

static void a_map_or_a_list_is_none_of_the_others(void **state)
{
    static const struct row rows[] = {
        { "core.v1.PodSpec", "nodeSelector: [a]", "E0702 1:15 'nodeSelector' must be a map" },
        { "core.v1.PodSpec", "containers: {name: a}", "E0702 1:13 'containers' must be a list / start each entry with '- '" },
        { "core.v1.PodSpec", "securityContext: 3", "E0702 1:18 'securityContext' must be a map" },
        { "core.v1.PodDNSConfig", "nameservers: ['::1', '::2', '::3', '::4']", "E0704 1:14 'nameservers' may have at most 3 entries" },
    };
    RUN(rows, true);
}

static void a_quantity_is_no_finer_than_its_unit(void **state)
{
    static const struct row rows[] = {
        { "core.v1.EmptyDirVolumeSource", "sizeLimit: 1ki",
          "E0704 1:12 'sizeLimit' is '1ki', which is no quantity / write it like 500m, 2, 8Gi or 100G" },
        { "core.v1.EmptyDirVolumeSource", "sizeLimit: '3'", "" },
        { "core.v1.EmptyDirVolumeSource", "sizeLimit: []", "E0702 1:12 'sizeLimit' must be a quantity, not a list" },
        { "core.v1.ResourceRequirements", "requests: {memory: 512m}",
          "E0704 1:20 'requests.memory' is finer than one: 512m / 'm' is a thousandth: did you mean 'M' or 'Mi'?" },
        { "core.v1.ResourceRequirements", "requests: {cpu: 0.0005}",
          "E0704 1:17 'requests.cpu' is finer than a thousandth of a CPU: 0.0005" },
        { "core.v1.ResourceRequirements", "requests: {cpu: -1}", "E0704 1:17 'requests.cpu' must not be negative" },
    };
    RUN(rows, true);
}

static void a_port_or_a_share_is_a_number_or_a_text(void **state)
{
    static const struct row rows[] = {
        { "core.v1.HTTPGetAction", "port: 8080", "" },
        { "core.v1.HTTPGetAction", "port: http", "" },
        { "core.v1.HTTPGetAction", "port: 70000", "E0704 1:7 'port' must be a port from 1 to 65535, not 70000" },
        { "core.v1.HTTPGetAction", "port: '8080'",
          "E0704 1:7 'port' is the port name '8080', which has no letter / remove the quotes" },
        { "core.v1.HTTPGetAction", "port: 1.5", "E0702 1:7 'port' must be a whole number or a string, not a string" },
        { "policy.v1.PodDisruptionBudgetSpec", "maxUnavailable: 25%", "" },
        { "policy.v1.PodDisruptionBudgetSpec", "maxUnavailable: 101%",
          "E0704 1:17 'maxUnavailable' must be a number or a percentage from 0% to 100%" },
        { "policy.v1.PodDisruptionBudgetSpec", "maxUnavailable: '1'",
          "E0704 1:17 'maxUnavailable' must be a number or a percentage from 0% to 100% / remove the quotes" },
        { "policy.v1.PodDisruptionBudgetSpec", "maxUnavailable: -1", "E0704 1:17 'maxUnavailable' must be at least 0, not -1" },
    };
    RUN(rows, true);
}

static void data_of_a_secret_is_base64(void **state)
{
    static const struct row rows[] = {
        { "core.v1.Secret", "data: {a: YWJj}", "" },
        { "core.v1.Secret", "data: {a: hunter2!}", "E0704 1:11 'data.a' is not base64" },
        { "core.v1.Secret", "data: {a: YWJ}", "E0704 1:11 'data.a' is not base64" },
        { "core.v1.Secret", "stringData: {a: 12345}", "E0702 1:17 'stringData.a' must be a string, not a number / put it in quotes" },
        { "core.v1.Secret", "stringData: {a/b: c}",
          "E0704 1:19 'stringData[\"a/b\"]' has a key that holds a character other than letters, digits, '-', '_' and '.'" },
    };
    RUN(rows, true);
}

static void times_are_durations_and_schedules(void **state)
{
    static const struct row rows[] = {
        { "monitoring.ServiceMonitor.spec.endpoints", "interval: 1m30s", "" },
        { "monitoring.ServiceMonitor.spec.endpoints", "interval: 30sec",
          "E0704 1:11 'interval' is '30sec', which is no duration / write it like 30s or 1m30s" },
        { "monitoring.ServiceMonitor.spec.endpoints", "interval: 1s1m",
          "E0704 1:11 'interval' is '1s1m', which is no duration / write it like 30s or 1m30s" },
        { "batch.v1.CronJobSpec", "schedule: '0 3 * * *'", "" },
        { "batch.v1.CronJobSpec", "schedule: '0 3 * *'",
          "E0704 1:11 'schedule' is '0 3 * *', which does not have five fields: minute, hour, day, month, weekday" },
    };
    RUN(rows, true);
}

/* ---- the fields of one object --------------------------------------------------------------------------- */

static void fields_must_be_known_needed_and_of_the_version(void **state)
{
    static const struct row rows[] = {
        { "core.v1.Container", "name: a\nimage: b\nvolumemounts: []",
          "E0700 3:1 'volumemounts' is no field of the Kubernetes API / did you mean 'volumeMounts'?" },
        { "core.v1.Container", "name: a\nimage: b\nx: 1", "E0700 3:1 'x' is no field of the Kubernetes API" },
        { "core.v1.Container", "image: a", "E0703 1:1 'name' is missing" },
        { "core.v1.ServiceAccount", "metadata: {name: a}\nstatus: {}",
          "E0700 2:1 'status' is written by the cluster, not by you / remove it" },
        { "core.v1.ServiceAccount", "metadata: {name: a, uid: x}",
          "E0700 1:26 'metadata.uid' is written by the cluster, not by you / remove it" },
        { "core.v1.ServiceAccount", "metadata: {labels: {}}", "E0703 1:11 'metadata.name' is missing" },
        { "core.v1.ServiceAccount", "{}", "E0703 1:1 'metadata.name' is missing" },
        { "core.v1.ServiceAccount", "metadata: {generateName: a-}", "" },
        { "core.v1.Service", "metadata: {name: 1a}\nspec: {ports: [{port: 1}]}",
          "E0704 1:18 'metadata.name' is '1a', which does not start with a-z, as the name of a Service must" },
        { "core.v1.PodSpec", "containers: []", "E0704 1:13 'containers' needs at least 1 entry" },
        { "core.v1.PodSpec", "containers: [{name: a, image: b}]\nhostname: null", "E0706 2:11 'hostname' is null / remove it or give it a value" },
        { "core.v1.PodSpec", "containers: [{name: a, image: b}]\nworkloadRef: {}",
          "E0701 2:14 'workloadRef' needs Kubernetes 1.35 or later, and the target is 1.34"
          " / leave it out, or set 'kubernetes' to a version that has it" },
        { "core.v1.PodSpec", "containers: [{name: a, image: b}]\nschedulingGroup: {}",
          "E0701 2:18 'schedulingGroup' needs Kubernetes 1.36 or later, and the target is 1.34"
          " / leave it out, or set 'kubernetes' to a version that has it" },
        { "core.v1.ConfigMap", "metadata: {name: a, annotations: {b: null}}", "E0706 1:38 'metadata.annotations.b' is null / remove it or give it a value" },
    };
    RUN(rows, false);
}

static void a_removed_field_is_refused_where_it_is_gone(void **state)
{
    struct world *w = *state;
    const char *text = "containers: [{name: a, image: b}]\nworkloadRef: {name: a, podGroup: b}";
    assert_true(check(w, "core.v1.PodSpec", text, 35, false));
    fixture_again(w);
    assert_false(check(w, "core.v1.PodSpec", text, 36, false));
    assert_string_equal(fixture_findings(w), "E0701 2:14 'workloadRef' is gone since Kubernetes 1.36, and the target is 1.36"
                                             " / leave it out, or set 'kubernetes' to a version that has it");
}

static void a_choice_of_fields_takes_one(void **state)
{
    static const struct row rows[] = {
        { "core.v1.Volume", "name: a", "E0705 1:1 needs one more field / give one of: awsElasticBlockStore, azureDisk, azureFile,"
          " cephfs, cinder, configMap, csi, downwardAPI ..." },
        { "core.v1.Volume", "{name: a, emptyDir: {}, configMap: {name: b}}",
          "E0705 1:1 has fields of which only one may stand: configMap, emptyDir" },
        { "core.v1.Probe", "{periodSeconds: 1}", "E0705 1:1 needs one more field / give one of: exec, grpc, httpGet, tcpSocket" },
        { "core.v1.Probe", "{exec: {command: [a]}, tcpSocket: {port: 1}, periodSeconds: 0}",
          "E0705 1:1 has fields of which only one may stand: exec, tcpSocket\nE0704 1:61 'periodSeconds' must be at least 1, not 0" },
        { "core.v1.EnvVar", "{name: A, value: b, valueFrom: {fieldRef: {fieldPath: metadata.uid}}}",
          "E0705 1:1 has fields of which only one may stand: value, valueFrom" },
        { "core.v1.EnvVar", "{name: A}", "" },
        { "policy.v1.PodDisruptionBudgetSpec", "{minAvailable: 1, maxUnavailable: 1}",
          "E0705 1:1 has fields of which only one may stand: maxUnavailable, minAvailable" },
    };
    RUN(rows, false);
}

static void requests_stay_within_limits(void **state)
{
    static const struct row rows[] = {
        { "core.v1.ResourceRequirements", "requests: {cpu: 3, memory: 1Gi}\nlimits: {cpu: 2500m, memory: 1024Mi}",
          "E0705 1:17 'requests.cpu' is 3, more than the limit of 2500m // the limit is here" },
        { "core.v1.ResourceRequirements", "requests: {hugepages-2Mi: 4Mi}\nlimits: {hugepages-2Mi: 8Mi, cpu: 1}",
          "E0705 1:27 'requests.hugepages-2Mi' is 4Mi, and must equal the limit of 8Mi // the limit is here" },
    };
    RUN(rows, false);
}

static void entries_of_a_list_differ(void **state)
{
    static const struct row rows[] = {
        { "core.v1.Container", "name: a\nimage: b\nports: [{containerPort: 1, name: x}, {containerPort: 2, name: x}]",
          "E0707 3:63 'ports[1]' has the same name as entry 0 // the first one is here" },
        { "core.v1.Container", "name: a\nimage: b\nports: [{containerPort: 1}, {containerPort: 1, protocol: TCP}]",
          "E0707 3:45 'ports[1]' has the same containerPort and protocol as entry 0 // the first one is here" },
        { "core.v1.Container", "name: a\nimage: b\nenv: [{name: X}, {name: Z}, {name: X}]",
          "E0707 3:36 'env[2]' has the same name as entry 0 // the first one is here" },
    };
    RUN(rows, false);
}

static void a_container_has_the_fields_of_its_kind(void **state)
{
    static const struct row rows[] = {
        { "core.v1.Container", "name: a\nimage: b\nlivenessProbe: {exec: {command: [a]}, successThreshold: 2}",
          "E0705 3:57 'livenessProbe.successThreshold' must be 1, not 2" },
        { "core.v1.Container", "name: a\nimage: b\nreadinessProbe: {exec: {command: [a]}, terminationGracePeriodSeconds: 2}",
          "E0705 3:71 'readinessProbe.terminationGracePeriodSeconds' must not stand in a readiness probe" },
        { "core.v1.PodSpec", "initContainers: [{name: a, image: b, lifecycle: {preStop: {exec: {command: [c]}}}}]\n"
                             "containers: [{name: a, image: b}]",
          "E0707 1:25 'initContainers[0].name' is the name of containers[0] too\n"
          "E0705 1:49 'initContainers[0].lifecycle' must not stand in an init container"
          " / a sidecar that keeps running has 'restartPolicy: Always'" },
        { "core.v1.Pod", "metadata: {name: a}\nspec: {containers: [{name: a, image: b, volumeMounts: [{name: v, mountPath: /v}]}]}",
          "E0705 2:63 'spec.containers[0].volumeMounts[0].name' is 'v', and the pod has no such volume" },
    };
    RUN(rows, false);
}

static void a_toleration_and_a_spread_make_sense(void **state)
{
    static const struct row rows[] = {
        { "core.v1.Toleration", "{operator: Exists}", "" },
        { "core.v1.Toleration", "{operator: Exists, value: a}", "E0705 1:27 'value' must not stand with the operator 'Exists'" },
        { "core.v1.Toleration", "{value: a}", "E0705 1:1 has no key, and its operator is not 'Exists'"
                                              " / to tolerate everything, write 'operator: Exists'" },
        { "core.v1.Toleration", "{key: a, tolerationSeconds: 1}", "E0705 1:29 'tolerationSeconds' needs the effect 'NoExecute'" },
        { "core.v1.TopologySpreadConstraint", "{maxSkew: 0, topologyKey: a, labelSelector: {}, whenUnsatisfiable: ScheduleAnyway, minDomains: 2}",
          "E0704 1:11 'maxSkew' must be at least 1, not 0\n"
          "E0705 1:96 'minDomains' needs 'whenUnsatisfiable: DoNotSchedule'" },
    };
    RUN(rows, false);
}

static void security_settings_do_not_contradict_each_other(void **state)
{
    static const struct row rows[] = {
        { "core.v1.SecurityContext", "{runAsUser: 0, runAsNonRoot: true}", "E0705 1:13 'runAsUser' is 0, and 'runAsNonRoot' is true" },
        { "core.v1.SecurityContext", "{privileged: true, allowPrivilegeEscalation: false}",
          "E0705 1:14 'privileged' is true, and 'allowPrivilegeEscalation' is false" },
        { "core.v1.SeccompProfile", "{type: Localhost}", "E0705 1:1 'localhostProfile' is missing: the type 'Localhost' needs it" },
        { "core.v1.SeccompProfile", "{type: RuntimeDefault, localhostProfile: a}",
          "E0705 1:42 'localhostProfile' needs the type 'Localhost'" },
    };
    RUN(rows, false);
}

static void a_requirement_has_the_values_of_its_operator(void **state)
{
    static const struct row rows[] = {
        { "apis.meta.v1.LabelSelectorRequirement", "{key: a, operator: In}",
          "E0705 1:1 'values' is missing: the operator 'In' compares with values" },
        { "apis.meta.v1.LabelSelectorRequirement", "{key: a, operator: Exists, values: [b]}",
          "E0705 1:36 'values' must not stand with the operator 'Exists'" },
        { "core.v1.NodeSelectorRequirement", "{key: a, operator: Gt, values: [b]}",
          "E0705 1:32 'values' must be one whole number in quotes with the operator 'Gt'" },
    };
    RUN(rows, false);
}

static void a_workload_and_its_template_agree(void **state)
{
    static const struct row rows[] = {
        { "apps.v1.DeploymentSpec", "selector: {matchLabels: {a: b}}\ntemplate: {metadata: {labels: {a: c}},"
                                    " spec: {restartPolicy: Never, containers: [{name: a, image: b}]}}",
          "E0705 1:29 'selector.matchLabels.a' is 'b', and the template's label is 'c'\n"
          "E0705 2:62 'template.spec.restartPolicy' must be 'Always' here, not 'Never'" },
        { "apps.v1.DeploymentSpec", "selector: {matchLabels: {a: b}}\ntemplate: {spec: {containers: [{name: a, image: b}]}}",
          "E0705 1:29 'selector.matchLabels.a' is 'b', and the template's label is missing" },
        { "apps.v1.DeploymentSpec", "selector: {}\ntemplate: {spec: {containers: [{name: a, image: b}]}}",
          "E0705 1:11 'selector' is empty, and would select every pod" },
        { "apps.v1.DeploymentSpec", "selector: {matchExpressions: [{key: a, operator: NotIn, values: [b]}]}\n"
                                    "strategy: {type: Recreate, rollingUpdate: {}}\n"
                                    "template: {metadata: {labels: {a: b}}, spec: {containers: [{name: a, image: b}]}}",
          "E0705 1:31 'selector.matchExpressions[0]' does not match the labels of the template\n"
          "E0705 2:43 'strategy.rollingUpdate' needs the type 'RollingUpdate'" },
        { "batch.v1.JobSpec", "template: {spec: {containers: [{name: a, image: b}]}}",
          "E0705 1:1 'template.spec.restartPolicy' must be 'OnFailure' or 'Never' in a Job" },
    };
    RUN(rows, false);
}

static void a_claim_asks_for_space_and_a_mode(void **state)
{
    static const struct row rows[] = {
        { "core.v1.PersistentVolumeClaimSpec", "{accessModes: [ReadWriteOncePod, ReadOnlyMany]}",
          "E0703 1:1 'resources.requests.storage' is missing\n"
          "E0705 1:15 'accessModes' may hold nothing beside 'ReadWriteOncePod'" },
        { "core.v1.PersistentVolumeClaimSpec", "{resources: {requests: {storage: 0Gi}}}",
          "E0703 1:1 'accessModes' is missing\nE0704 1:34 'resources.requests.storage' must be more than nothing" },
    };
    RUN(rows, false);
}

static void a_service_has_the_fields_of_its_type(void **state)
{
    static const struct row rows[] = {
        { "core.v1.ServiceSpec", "{type: LoadBalancer, clusterIP: None, ports: [{port: 1}]}",
          "E0705 1:8 'clusterIP' is 'None', which the type 'LoadBalancer' cannot have" },
        { "core.v1.ServiceSpec", "{ports: [{port: 1}, {port: 2, name: a}]}",
          "E0703 1:10 'ports[0].name' is missing: a Service of several ports names each" },
        { "core.v1.ServiceSpec", "{ports: [{port: 1, name: a}, {port: 2, name: a}, {port: 2, name: b}]}",
          "E0707 1:46 'ports[1]' has the same name as entry 0 // the first one is here\n"
          "E0707 1:57 'ports[2]' has the same port and protocol as entry 1 // the first one is here" },
        { "core.v1.ServiceSpec", "{externalTrafficPolicy: Local, ports: [{port: 1, nodePort: 30000}]}",
          "E0705 1:25 'externalTrafficPolicy' needs the type 'NodePort' or 'LoadBalancer'\n"
          "E0705 1:60 'ports[0].nodePort' needs the type 'NodePort' or 'LoadBalancer'" },
        { "core.v1.ServiceSpec", "{type: NodePort, loadBalancerClass: a, ports: [{port: 1, nodePort: 30000, name: a},"
                                 " {port: 2, nodePort: 30000, name: b}]}",
          "E0705 1:37 'loadBalancerClass' needs the type 'LoadBalancer'\n"
          "E0707 1:105 'ports[1]' has the same nodePort and protocol as entry 0 // the first one is here" },
        { "core.v1.ServiceSpec", "{type: ExternalName}", "E0703 1:1 'externalName' is missing: the type 'ExternalName' needs it" },
        { "core.v1.ServiceSpec", "{selector: {a: b}}", "E0703 1:1 'ports' is missing" },
        { "core.v1.ServiceSpec", "{clusterIP: None}", "" },
    };
    RUN(rows, false);
}

static void a_network_rule_names_whom_and_where(void **state)
{
    static const struct row rows[] = {
        { "networking.v1.HTTPIngressPath", "{path: a, pathType: Prefix, backend: {service: {name: a, port: {number: 1, name: b}}}}",
          "E0705 1:8 'path' must start with '/'\n"
          "E0705 1:64 'backend.service.port' has fields of which only one may stand: name, number" },
        { "networking.v1.IngressRule", "{host: 'a.*.b'}",
          "E0704 1:8 'host' is 'a.*.b', which holds a character other than a-z, 0-9, '-' and '.'" },
        { "networking.v1.IngressRule", "{host: '*.a.b'}", "" },
        { "networking.v1.NetworkPolicyPeer", "{ipBlock: {cidr: 10.0.0.0/8, except: [10.1.0.0/16, 11.0.0.0/16]}, podSelector: {}}",
          "E0705 1:11 'ipBlock' must not stand beside a selector\n"
          "E0705 1:52 'ipBlock.except[1]' is '11.0.0.0/16', which is not inside of 10.0.0.0/8" },
        { "networking.v1.NetworkPolicyPeer", "{}",
          "E0705 1:1 names nobody: give a podSelector, a namespaceSelector or an ipBlock" },
        { "networking.v1.NetworkPolicyPort", "{port: 10, endPort: 9}", "E0705 1:21 'endPort' is 9, less than the port 10" },
        { "networking.v1.NetworkPolicyPort", "{port: a, endPort: 9}", "E0705 1:20 'endPort' needs a 'port' that is a number" },
    };
    RUN(rows, false);
}

static void the_data_of_an_object_fits_its_type(void **state)
{
    static const struct row rows[] = {
        { "rbac.v1.RoleRef", "{apiGroup: v1, kind: Role, name: a}", "E0705 1:12 'apiGroup' must be 'rbac.authorization.k8s.io'" },
        { "core.v1.Secret", "metadata: {name: a}\ntype: kubernetes.io/tls\ndata: {tls.crt: YWJj}",
          "E0705 3:7 has no 'tls.key', which the type 'kubernetes.io/tls' needs" },
        { "core.v1.ConfigMap", "metadata: {name: a}\ndata: {x: ''}\nbinaryData: {x: YWJj}",
          "E0707 3:17 'binaryData.x' stands in 'data' too" },
    };
    RUN(rows, false);
}

/* ---- whole objects, and whose fault it is --------------------------------------------------------------- */

static void a_stateful_set_names_its_claims_and_its_service(void **state)
{
    struct world *w = *state;
    const char *text = str_replace(&w->arena, stateful_set, "metadata: {name: data}", "metadata: {name: Data}");
    text = str_replace(&w->arena, text, "  serviceName: orders-headless\n", "");
    struct val v = fixture_read(w, "description", text);
    const struct k8s_check c = { .cx = &w->cx, .minor = 32, .where = "It", .fallback = v.at };
    assert_false(k8s_check_value(&c, k8s_type("apps.v1.StatefulSet"), &v, ""));
    assert_string_equal(fixture_findings(w),
        "E0703 5:3 'spec.serviceName' is missing\n"
        "E0705 33:31 'spec.template.spec.containers[0].volumeMounts[0].name' is 'data', and the pod has no such volume\n"
        "E0704 40:22 'spec.volumeClaimTemplates[0].metadata.name' holds a character other than a-z, 0-9 and '-'");
}

static void large_texts_are_refused_where_the_api_server_would(void **state)
{
    struct world *w = *state;
    char *big = calloc(1, 1048577);
    memset(big, 'x', 1048576);
    struct val meta = MAP(&w->arena, { "name", t_str("a") });
    struct val fits = MAP(&w->arena, { "metadata", meta }, { "data", MAP(&w->arena, { "k", t_strn(big, 1048575) }) });
    struct val over = MAP(&w->arena, { "metadata", meta }, { "data", MAP(&w->arena, { "k", t_strn(big, 1048576) }) });
    struct val notes = MAP(&w->arena, { "name", t_str("a") }, { "annotations", MAP(&w->arena, { "k", t_strn(big, 262144) }) });
    struct val noted = MAP(&w->arena, { "metadata", notes });
    const struct k8s_check c = { .cx = &w->cx, .minor = 34, .where = "ConfigMap/a" };
    assert_true(k8s_check_value(&c, k8s_type("core.v1.ConfigMap"), &fits, ""));
    assert_false(k8s_check_value(&c, k8s_type("core.v1.ConfigMap"), &over, ""));
    assert_false(k8s_check_value(&c, k8s_type("core.v1.ConfigMap"), &noted, ""));
    const char *internal = " / this is a fault of gregor: please report it together with the description";
    assert_string_equal(fixture_findings(w), str_join(&w->arena,
        "E0790 0:0 ConfigMap/a: 'data' holds 1048577 bytes, and an object may have 1048576", internal,
        " / make it smaller, or split it into several objects\nE0790 0:0 ConfigMap/a: 'metadata.annotations' hold 262145 bytes, and an object may "
        "have 262144", internal, " / put large texts into a ConfigMap", NULL));
    free(big);
}

static void a_finding_stands_at_the_value_else_at_the_fallback_else_is_our_fault(void **state)
{
    struct world *w = *state;
    struct val v = MAP(&w->arena, { "replicas", t_str("three") });
    const struct k8s_type *type = k8s_type("apps.v1.StatefulSetSpec");
    struct k8s_check c = { .cx = &w->cx, .minor = 34, .where = "StatefulSet/a", .partial = true };
    assert_false(k8s_check_value(&c, type, &v, "spec"));
    c.fallback = (struct pos){ .line = 7, .col = 2 };
    assert_false(k8s_check_value(&c, type, &v, "spec"));
    ((struct pair *)v.map)->v.at = (struct pos){ .line = 9, .col = 1 };
    assert_false(k8s_check_value(&c, type, &v, "spec"));
    assert_string_equal(fixture_findings(w),
        "E0790 0:0 StatefulSet/a: 'spec.replicas' must be a number, not a string"
        " / this is a fault of gregor: please report it together with the description\n"
        "E0702 7:2 StatefulSet/a: 'spec.replicas' must be a number, not a string\n"
        "E0702 9:1 'spec.replicas' must be a number, not a string");
}

static void two_entries_of_one_name_are_found_in_long_lists_too(void **state)
{
    struct world *w = *state;
    struct text t = { .a = &w->arena };
    text_add(&t, "name: a\nimage: b\nenv:\n");
    for (int i = 0; i < 2000; i++)
        text_f(&t, "- {name: V%d}\n", i == 1999 ? 77 : i);
    assert_false(check(w, "core.v1.Container", text_str(&t), 34, false));
    assert_string_equal(fixture_findings(w), "E0707 2003:10 'env[1999]' has the same name as entry 77 // the first one is here");
    fixture_again(w);
    struct val twice = MAP(&w->arena, { "labels", MAP(&w->arena, { "a", t_str("b") }, { "a", t_str("b") }) });
    const struct k8s_check c = { .cx = &w->cx, .minor = 34, .fallback = { .line = 1, .col = 1 }, .partial = true };
    assert_false(k8s_check_value(&c, k8s_type("apis.meta.v1.ObjectMeta"), &twice, "metadata"));
    assert_string_equal(fixture_findings(w), "E0707 1:1 'metadata.labels.a' stands twice");
}

static void what_was_reported_before_is_not_reported_again(void **state)
{
    struct world *w = *state;
    struct val poison = { .kind = V_POISON };
    struct val v = MAP(&w->arena, { "replicas", poison }, { "template", poison }, { "unknown", poison });
    const struct k8s_check c = { .cx = &w->cx, .minor = 34, .fallback = { .line = 1 }, .partial = true };
    assert_true(k8s_check_value(&c, k8s_type("apps.v1.StatefulSetSpec"), &v, ""));
    assert_int_equal(w->cx.diag_count, 0);
}

static void a_fragment_may_remove_and_must_say_which_entry_it_means(void **state)
{
    static const struct row rows[] = {
        { "core.v1.PodTemplateSpec", "spec: {hostPID: null, containers: [{name: a, $patch: delete}], securityContext: {$patch: replace}}",
          "" },
        { "core.v1.PodTemplateSpec", "spec: {containers: [{$patch: remove, name: a}]}",
          "E0700 1:22 'spec.containers[0][\"$patch\"]' is no field of the Kubernetes API" },
        { "core.v1.PodTemplateSpec", "spec: {containers: [{image: a}]}",
          "E0703 1:21 'spec.containers[0].name' is missing: it says which entry is meant" },
    };
    RUN(rows, true);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        FIXTURE_TEST(a_good_object_is_accepted_by_every_minor),
        FIXTURE_TEST(a_number_is_a_whole_number_in_its_range),
        FIXTURE_TEST(a_boolean_is_true_or_false),
        FIXTURE_TEST(a_text_is_a_string_and_follows_its_syntax),
        FIXTURE_TEST(a_map_or_a_list_is_none_of_the_others),
        FIXTURE_TEST(a_quantity_is_no_finer_than_its_unit),
        FIXTURE_TEST(a_port_or_a_share_is_a_number_or_a_text),
        FIXTURE_TEST(data_of_a_secret_is_base64),
        FIXTURE_TEST(times_are_durations_and_schedules),
        FIXTURE_TEST(fields_must_be_known_needed_and_of_the_version),
        FIXTURE_TEST(a_removed_field_is_refused_where_it_is_gone),
        FIXTURE_TEST(a_choice_of_fields_takes_one),
        FIXTURE_TEST(requests_stay_within_limits),
        FIXTURE_TEST(entries_of_a_list_differ),
        FIXTURE_TEST(a_container_has_the_fields_of_its_kind),
        FIXTURE_TEST(a_toleration_and_a_spread_make_sense),
        FIXTURE_TEST(security_settings_do_not_contradict_each_other),
        FIXTURE_TEST(a_requirement_has_the_values_of_its_operator),
        FIXTURE_TEST(a_workload_and_its_template_agree),
        FIXTURE_TEST(a_claim_asks_for_space_and_a_mode),
        FIXTURE_TEST(a_service_has_the_fields_of_its_type),
        FIXTURE_TEST(a_network_rule_names_whom_and_where),
        FIXTURE_TEST(the_data_of_an_object_fits_its_type),
        FIXTURE_TEST(a_stateful_set_names_its_claims_and_its_service),
        FIXTURE_TEST(large_texts_are_refused_where_the_api_server_would),
        FIXTURE_TEST(a_finding_stands_at_the_value_else_at_the_fallback_else_is_our_fault),
        FIXTURE_TEST(two_entries_of_one_name_are_found_in_long_lists_too),
        FIXTURE_TEST(what_was_reported_before_is_not_reported_again),
        FIXTURE_TEST(a_fragment_may_remove_and_must_say_which_entry_it_means),
    };
    FIXTURE_GUARD();
    return cmocka_run_group_tests(tests, NULL, NULL);
}
