/* What the API server asks of containers and their volumes beyond the schema, each rule kept and broken. */
#include "rules.h"

#define SUBDOMAIN "which holds a character other than a-z, 0-9, '-' and '.'"
#define LABEL "which holds a character other than letters, digits, '-', '_' and '.'"

static void a_variable_comes_from_something_that_has_a_name(void **state)
{
    static const struct row rows[] = {
        { "core.v1.EnvVar", 34, "{name: A, valueFrom: {secretKeyRef: {name: a, key: b}}}", "" },
        { "core.v1.EnvVar", 34, "{name: A, valueFrom: {secretKeyRef: {key: b}}}",
          "E0703 1:37 'valueFrom.secretKeyRef.name' is missing" },
        { "core.v1.EnvVar", 34, "{name: A, valueFrom: {configMapKeyRef: {name: A_b, key: ../b}}}",
          "E0704 1:47 'valueFrom.configMapKeyRef.name' is 'A_b', " SUBDOMAIN "\n"
          "E0704 1:57 'valueFrom.configMapKeyRef.key' is '../b', " LABEL },
        { "core.v1.EnvFromSource", 34, "{prefix: A_, secretRef: {name: a}}", "" },
        { "core.v1.EnvFromSource", 34, "{prefix: \"\", configMapRef: {optional: true}}",
          "E0703 1:28 'configMapRef.name' is missing" },
        { "core.v1.EnvFromSource", 34, "{prefix: a=b, secretRef: {name: a.b}}",
          "E0704 1:10 'prefix' is 'a=b', which holds a '=' or a character that is not printable ASCII" },
    };
    RULES_RUN(*state, rows);
}

static void a_variable_may_be_named_freely_since_1_32(void **state)
{
    static const struct row rows[] = {
        { "core.v1.EnvVar", 32, "{name: 1 A}", "" },
        { "core.v1.EnvVar", 31, "{name: 1 A}", "E0704 1:8 'name' is '1 A', which starts with a digit" },
        { "core.v1.EnvVar", 32, "{name: a=b}",
          "E0704 1:8 'name' is 'a=b', which holds a '=' or a character that is not printable ASCII" },
        { "core.v1.EnvVar", 36, "{name: \"\xc3\xa4\"}",
          "E0704 1:8 'name' is '\xc3\xa4', which holds a '=' or a character that is not printable ASCII" },
        { "core.v1.EnvVar", 31, "{name: ..a}", "E0704 1:8 'name' is '..a', which is '.' or starts with '..'" },
        { "core.v1.EnvVar", 36, "{name: \"\"}", "E0704 1:8 'name' is '', which is empty" },
        { "core.v1.EnvFromSource", 32, "{prefix: 1 A, secretRef: {name: a}}", "" },
        { "core.v1.EnvFromSource", 31, "{prefix: 1 A, secretRef: {name: a}}",
          "E0704 1:10 'prefix' is '1 A', which starts with a digit" },
    };
    RULES_RUN(*state, rows);
}

static void a_variable_shows_a_field_that_containers_may_see(void **state)
{
    static const struct row rows[] = {
        { "core.v1.ObjectFieldSelector", 34, "fieldPath: status.podIP", "" },
        { "core.v1.ObjectFieldSelector", 34, "{apiVersion: v1, fieldPath: \"metadata.labels['a.b/C']\"}", "" },
        { "core.v1.ObjectFieldSelector", 34, "fieldPath: metadata.annotations['X.y/z']", "" },
        { "core.v1.ObjectFieldSelector", 34, "fieldPath: metadata.label",
          "E0704 1:12 'fieldPath' is 'metadata.label', which is none of: metadata.name, metadata.namespace, "
          "metadata.uid, metadata.labels['*'], metadata.annotations['*'], spec.nodeName, spec.serviceAccountName, "
          "status.hostIP, status.hostIPs, status.podIP, status.podIPs / did you mean 'metadata.name'?" },
        { "core.v1.ObjectFieldSelector", 34, "fieldPath: metadata.labels",
          "E0704 1:12 'fieldPath' is 'metadata.labels', which is none of: metadata.name, metadata.namespace, "
          "metadata.uid, metadata.labels['*'], metadata.annotations['*'], spec.nodeName, spec.serviceAccountName, "
          "status.hostIP, status.hostIPs, status.podIP, status.podIPs / did you mean 'metadata.name'?" },
        { "core.v1.ObjectFieldSelector", 34, "fieldPath: metadata.labels['a b']",
          "E0704 1:12 'fieldPath' is 'metadata.labels['a b']', which has a text between ['...'] that is no key of a "
          "label or an annotation" },
        { "core.v1.ObjectFieldSelector", 34, "fieldPath: metadata.labels['']",
          "E0704 1:12 'fieldPath' is 'metadata.labels['']', which has a text between ['...'] that is no key of a label "
          "or an annotation" },
        { "core.v1.ObjectFieldSelector", 34, "fieldPath: spec.nodeName['a']",
          "E0704 1:12 'fieldPath' is 'spec.nodeName['a']', which is none of: metadata.name, metadata.namespace, "
          "metadata.uid, metadata.labels['*'], metadata.annotations['*'], spec.nodeName, spec.serviceAccountName, "
          "status.hostIP, status.hostIPs, status.podIP, status.podIPs" },
        { "core.v1.ObjectFieldSelector", 34, "{apiVersion: v2, fieldPath: metadata.uid}",
          "E0704 1:14 'apiVersion' is 'v2', which is none of: v1 / did you mean 'v1'?" },
        { "core.v1.ObjectFieldSelector.volume", 34, "fieldPath: metadata.labels", "" },
        { "core.v1.ObjectFieldSelector.volume", 34, "fieldPath: metadata.labels['a']", "" },
        { "core.v1.ObjectFieldSelector.volume", 34, "fieldPath: status.podIP",
          "E0704 1:12 'fieldPath' is 'status.podIP', which is none of: metadata.name, metadata.namespace, metadata.uid, "
          "metadata.labels, metadata.annotations, metadata.labels['*'], metadata.annotations['*']" },
    };
    RULES_RUN(*state, rows);
}

static void a_variable_shows_an_amount_in_a_unit(void **state)
{
    static const struct row rows[] = {
        { "core.v1.ResourceFieldSelector", 34, "{resource: limits.cpu, divisor: 1m}", "" },
        { "core.v1.ResourceFieldSelector", 34, "{resource: limits.cpu, divisor: 1000m}", "" },
        { "core.v1.ResourceFieldSelector", 34, "{resource: requests.hugepages-2Mi, divisor: 1Mi}", "" },
        { "core.v1.ResourceFieldSelector", 34, "{resource: limits.memory, divisor: \"0\"}", "" },
        { "core.v1.ResourceFieldSelector", 34, "{resource: limits.gpu}",
          "E0704 1:12 'resource' is 'limits.gpu', which is none of: limits.cpu, limits.memory, "
          "limits.ephemeral-storage, limits.hugepages-*, requests.cpu, requests.memory, requests.ephemeral-storage, "
          "requests.hugepages-* / did you mean 'limits.cpu'?" },
        { "core.v1.ResourceFieldSelector", 34, "{resource: limits.cpu, divisor: 1Mi}",
          "E0704 1:33 'divisor' is '1Mi', and must be 1 or 1m" },
        { "core.v1.ResourceFieldSelector", 34, "{resource: limits.memory, divisor: 2Mi}",
          "E0704 1:36 'divisor' is '2Mi', and must be 1 or a unit like 1Ki, 1Mi or 1M" },
        { "core.v1.ResourceFieldSelector.volume", 34, "{resource: limits.memory}",
          "E0703 1:1 'containerName' is missing" },
        { "core.v1.ResourceFieldSelector.volume", 34, "{resource: limits.memory, containerName: a}", "" },
    };
    RULES_RUN(*state, rows);
}

static void a_container_has_an_image_and_hooks_have_commands(void **state)
{
    static const struct row rows[] = {
        { "core.v1.Container", 34, "{name: a, image: b}", "" },
        { "core.v1.Container", 34, "{name: a}", "E0703 1:1 'image' is missing" },
        { "core.v1.Container", 34, "{name: a, image: \"b\\n\"}",
          "E0704 1:18 'image' is 'b\n"
          "', which starts or ends with a blank" },
        { "core.v1.Container", 34, "{name: a, image: \"\"}", "E0704 1:18 'image' is empty" },
        { "core.v1.LifecycleHandler", 34, "exec: {command: [a]}", "" },
        { "core.v1.LifecycleHandler", 34, "exec: {command: []}", "E0704 1:17 'exec.command' needs at least 1 entry" },
        { "core.v1.Probe", 34, "exec: {}", "E0703 1:7 'exec.command' is missing" },
        { "core.v1.HTTPGetAction", 34, "{port: 80, httpHeaders: [{name: X-A, value: b}]}", "" },
        { "core.v1.HTTPGetAction", 34, "{port: 80, httpHeaders: [{name: X A, value: b}]}",
          "E0704 1:33 'httpHeaders[0].name' is 'X A', which holds a character other than letters, digits and '-'" },
        { "core.v1.Container", 34, "{name: a, image: b, resizePolicy: [{resourceName: cpu, restartPolicy: NotRequired}]}",
          "" },
        { "core.v1.Container", 34, "{name: a, image: b, resizePolicy: [{resourceName: disk, restartPolicy: Always}]}",
          "E0704 1:51 'resizePolicy[0].resourceName' is 'disk', which is none of: cpu, memory\n"
          "E0704 1:72 'resizePolicy[0].restartPolicy' is 'Always', which is none of: NotRequired, RestartContainer" },
    };
    RULES_RUN(*state, rows);
}

static void a_volume_says_what_is_in_it(void **state)
{
    static const struct row rows[] = {
        { "core.v1.Volume", 34, "{name: a, configMap: {name: b}}", "" },
        { "core.v1.Volume", 34, "{name: a, configMap: {}}", "E0703 1:22 'configMap.name' is missing" },
        { "core.v1.Volume", 34, "{name: a, secret: {secretName: b}}", "" },
        { "core.v1.Volume", 34, "{name: a, secret: {optional: true}}", "E0703 1:19 'secret.secretName' is missing" },
        { "core.v1.Volume", 34, "{name: a, persistentVolumeClaim: {claimName: \"\"}}",
          "E0704 1:46 'persistentVolumeClaim.claimName' is empty" },
        { "core.v1.Volume", 34, "{name: a, csi: {driver: A.b, nodePublishSecretRef: {name: c}}}", "" },
        { "core.v1.Volume", 34, "{name: a, csi: {driver: a b, nodePublishSecretRef: {}}}",
          "E0704 1:25 'csi.driver' is 'a b', " SUBDOMAIN "\n"
          "E0703 1:52 'csi.nodePublishSecretRef.name' is missing" },
        { "core.v1.Volume", 34, "{name: a, nfs: {server: a, path: /b}}", "" },
        { "core.v1.Volume", 34, "{name: a, nfs: {server: \"\", path: b}}",
          "E0704 1:25 'nfs.server' is empty\n"
          "E0704 1:35 'nfs.path' is 'b', which does not start with '/'" },
        { "core.v1.Volume", 34, "{name: a, hostPath: {path: /a..b}}", "" },
        { "core.v1.Volume", 34, "{name: a, hostPath: {path: /a/../b}}",
          "E0704 1:28 'hostPath.path' is '/a/../b', which holds a '..'" },
        { "core.v1.Volume", 36, "{name: a, image: {reference: b, pullPolicy: Never}}", "" },
        { "core.v1.Volume", 36, "{name: a, image: {pullPolicy: Maybe}}",
          "E0703 1:18 'image.reference' is missing\n"
          "E0704 1:31 'image.pullPolicy' is 'Maybe', which is none of: Always, Never, IfNotPresent" },
        { "core.v1.Volume", 34, "{name: a, ephemeral: {}}", "E0703 1:22 'ephemeral.volumeClaimTemplate' is missing" },
        { "core.v1.Volume", 34, "{name: a, emptyDir: {sizeLimit: 0}}", "" },
        { "core.v1.Volume", 34, "{name: a, emptyDir: {sizeLimit: -1}}",
          "E0704 1:33 'emptyDir.sizeLimit' must not be negative" },
        { "core.v1.Volume", 34, "{name: a, emptyDir: {sizeLimit: \"-1Gi\"}}",
          "E0704 1:33 'emptyDir.sizeLimit' must not be negative" },
    };
    RULES_RUN(*state, rows);
}

static void files_of_a_volume_do_not_stand_in_each_others_way(void **state)
{
    static const struct row rows[] = {
        { "core.v1.ProjectedVolumeSource", 34,
          "sources: [{secret: {name: a, items: [{key: k, path: x}]}}, {configMap: {name: b, items: [{key: k, "
          "path: z}]}}]",
          "" },
        { "core.v1.ProjectedVolumeSource", 34,
          "sources: [{secret: {name: a, items: [{key: k, path: x}]}}, {configMap: {name: b, items: [{key: k, "
          "path: x}]}}]",
          "E0707 1:105 'sources[1].configMap.items[0].path' is 'x', as another file of the volume is" },
        { "core.v1.ProjectedVolumeSource", 34, "sources: [{secret: {items: [{key: k, path: x}]}}]",
          "E0703 1:20 'sources[0].secret.name' is missing" },
        { "core.v1.ProjectedVolumeSource", 34, "sources: [{serviceAccountToken: {path: ../x, expirationSeconds: 60}}]",
          "E0704 1:40 'sources[0].serviceAccountToken.path' is '../x', which holds a '..'\n"
          "E0704 1:65 'sources[0].serviceAccountToken.expirationSeconds' must be at least 600, not 60" },
        { "core.v1.ProjectedVolumeSource", 34, "sources: [{serviceAccountToken: {path: x, expirationSeconds: 4294967297}}]",
          "E0704 1:62 'sources[0].serviceAccountToken.expirationSeconds' must be at most 4294967296, not 4294967297" },
        { "core.v1.ConfigMapVolumeSource", 34, "{name: a, items: [{key: k, path: x/y}, {key: j, path: x/z}]}", "" },
        { "core.v1.ConfigMapVolumeSource", 34, "{name: a, items: [{key: k, path: x}, {key: j, path: x}]}",
          "W0708 1:53 'items[1].path' is 'x', in the way of 'x'" },
        { "core.v1.SecretVolumeSource", 34, "{secretName: a, items: [{key: k, path: x/y}, {key: j, path: x}]}",
          "W0708 1:61 'items[1].path' is 'x', in the way of 'x/y'" },
        { "core.v1.SecretVolumeSource", 34, "{secretName: a, items: [{key: k, path: x}, {key: j, path: xy}]}", "" },
        { "core.v1.KeyToPath", 34, "{key: a, path: ..b}", "E0704 1:16 'path' is '..b', which starts with '..'" },
        { "core.v1.KeyToPath", 34, "{key: a, path: b/..c}", "" },
    };
    RULES_RUN(*state, rows);
}

static void a_mount_is_shared_only_where_that_can_be(void **state)
{
    static const struct row rows[] = {
        { "core.v1.Container", 34,
          "{name: a, image: b, volumeMounts: [{name: c, mountPath: /d, readOnly: true, recursiveReadOnly: Enabled, "
          "mountPropagation: None}]}",
          "" },
        { "core.v1.Container", 34,
          "{name: a, image: b, volumeMounts: [{name: c, mountPath: /d, recursiveReadOnly: Enabled}]}",
          "E0705 1:80 'volumeMounts[0].recursiveReadOnly' needs 'readOnly: true' beside it" },
        { "core.v1.Container", 34,
          "{name: a, image: b, volumeMounts: [{name: c, mountPath: /d, readOnly: true, recursiveReadOnly: IfPossible, "
          "mountPropagation: HostToContainer}]}",
          "E0705 1:126 'volumeMounts[0].mountPropagation' must be 'None' beside 'recursiveReadOnly'" },
        { "core.v1.Container", 34,
          "{name: a, image: b, volumeMounts: [{name: c, mountPath: /d, mountPropagation: Bidirectional}]}",
          "E0705 1:79 'volumeMounts[0].mountPropagation' is 'Bidirectional', which needs a privileged container" },
        { "core.v1.Container", 34,
          "{name: a, image: b, securityContext: {privileged: true}, volumeMounts: [{name: c, mountPath: /d, "
          "mountPropagation: Bidirectional}]}",
          "" },
        { "core.v1.Container", 34,
          "{name: a, image: b, volumeMounts: [{name: c, mountPath: /d}], volumeDevices: [{name: e, devicePath: /dev/x}]}",
          "" },
        { "core.v1.Container", 34,
          "{name: a, image: b, volumeMounts: [{name: c, mountPath: /d}], volumeDevices: [{name: c, devicePath: /d}]}",
          "E0705 1:86 'volumeDevices[0].name' is 'c', which stands in volumeMounts, too\n"
          "E0705 1:101 'volumeDevices[0].devicePath' is '/d', which stands in volumeMounts, too" },
        { "core.v1.VolumeDevice", 34, "{name: a, devicePath: /dev/../x}",
          "E0704 1:23 'devicePath' is '/dev/../x', which holds a '..'" },
    };
    RULES_RUN(*state, rows);
}

static void profiles_of_security_are_files_of_the_node(void **state)
{
    static const struct row rows[] = {
        { "core.v1.SeccompProfile", 34, "{type: Localhost, localhostProfile: a/b.json}", "" },
        { "core.v1.SeccompProfile", 34, "{type: Localhost, localhostProfile: ../b}",
          "E0704 1:37 'localhostProfile' is '../b', which holds a '..'" },
        { "core.v1.SeccompProfile", 34, "{type: Localhost, localhostProfile: /b}",
          "E0704 1:37 'localhostProfile' is '/b', which starts with '/', and must be relative" },
        { "core.v1.AppArmorProfile", 34, "{type: Localhost, localhostProfile: a}", "" },
        { "core.v1.AppArmorProfile", 34, "type: Localhost",
          "E0705 1:1 'localhostProfile' is missing: the type 'Localhost' needs it" },
        { "core.v1.AppArmorProfile", 34, "{type: RuntimeDefault, localhostProfile: a}",
          "E0705 1:42 'localhostProfile' needs the type 'Localhost'" },
        { "core.v1.SecurityContext", 34, "{allowPrivilegeEscalation: false, capabilities: {add: [CAP_SYS_ADMIN]}}",
          "E0705 1:55 'capabilities.add' holds 'CAP_SYS_ADMIN', and 'allowPrivilegeEscalation' is false" },
        { "core.v1.SecurityContext", 34, "{allowPrivilegeEscalation: false, capabilities: {add: [SYS_ADMIN]}}", "" },
        { "core.v1.PodSecurityContext", 34,
          "sysctls: [{name: net.core.somaxconn, value: \"1\"}, {name: kernel/shm_rmid_forced, value: \"1\"}]",
          "" },
        { "core.v1.PodSecurityContext", 34,
          "sysctls: [{name: net..a, value: \"1\"}, {name: A, value: \"1\"}, {name: \"a-\", value: \"1\"}]",
          "E0704 1:18 'sysctls[0].name' is 'net..a', which has a part that is empty or starts or ends with something "
          "other than a-z or 0-9\n"
          "E0704 1:46 'sysctls[1].name' is 'A', which has a part that is empty or starts or ends with something other "
          "than a-z or 0-9\n"
          "E0704 1:69 'sysctls[2].name' is 'a-', which has a part that is empty or starts or ends with something other "
          "than a-z or 0-9" },
        { "core.v1.PodSecurityContext", 34, "sysctls: [{name: a, value: \"1\"}, {name: a, value: \"2\"}]",
          "E0707 1:41 'sysctls[1]' has the same name as entry 0 // the first one is here" },
    };
    RULES_RUN(*state, rows);
}

int main(void)
{
    FIXTURE_GUARD();
    const struct CMUnitTest tests[] = {
        FIXTURE_TEST(a_variable_comes_from_something_that_has_a_name),
        FIXTURE_TEST(a_variable_may_be_named_freely_since_1_32),
        FIXTURE_TEST(a_variable_shows_a_field_that_containers_may_see),
        FIXTURE_TEST(a_variable_shows_an_amount_in_a_unit),
        FIXTURE_TEST(a_container_has_an_image_and_hooks_have_commands),
        FIXTURE_TEST(a_volume_says_what_is_in_it),
        FIXTURE_TEST(files_of_a_volume_do_not_stand_in_each_others_way),
        FIXTURE_TEST(a_mount_is_shared_only_where_that_can_be),
        FIXTURE_TEST(profiles_of_security_are_files_of_the_node),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
