"""The fields that the runner knows, as one table, and the check that there are no others.

A leaf is OK (done as Kubernetes does it) or a text: accepted, and how it differs. `main.py fields` prints the table for the
README. A field that has no row is an error: a manifest that needs it would otherwise look proven."""

OK = "as Kubernetes"
NO_SCHEDULER = "accepted: the virtual nodes have no such thing"


class Unknown(Exception):
    """A manifest has a field, a kind or a value that the runner does not know."""


class Any(str):
    """A map or list that is taken whole, with how it is treated."""


TEXTS = Any(OK)

KEY_REF = {"name": OK, "key": OK, "optional": OK}
ENV = [{"name": OK, "value": OK, "valueFrom": {
    "fieldRef": {"apiVersion": OK, "fieldPath": OK},
    "configMapKeyRef": KEY_REF, "secretKeyRef": KEY_REF,
    "resourceFieldRef": {"containerName": OK, "resource": OK, "divisor": OK}}}]
HANDLER = {"exec": {"command": TEXTS}, "tcpSocket": {"port": OK, "host": OK},
           "httpGet": {"path": OK, "port": OK, "host": OK, "scheme": "HTTP only"}}
PROBE = {**HANDLER, "initialDelaySeconds": OK, "periodSeconds": OK, "timeoutSeconds": OK, "failureThreshold": OK,
         "successThreshold": OK, "terminationGracePeriodSeconds": OK}
RESOURCES = {"requests": Any("accepted: nodes have room for all"),
             "limits": {"memory": "cgroup limit; the kernel kills at it", "cpu": "cgroup quota",
                        "ephemeral-storage": "accepted: nothing is evicted"}}
CONTAINER = {
    "name": OK, "image": "a root folder made here, see Software", "imagePullPolicy": "nothing is pulled",
    "command": TEXTS, "args": TEXTS, "workingDir": OK, "env": ENV,
    "ports": [{"name": OK, "containerPort": OK, "protocol": "TCP only"}],
    "resources": RESOURCES,
    "volumeMounts": [{"name": OK, "mountPath": OK, "readOnly": OK, "subPath": OK, "subPathExpr": OK}],
    "startupProbe": PROBE, "readinessProbe": PROBE, "livenessProbe": PROBE,
    "lifecycle": {"preStop": {"exec": {"command": TEXTS}, "sleep": {"seconds": OK}}},
    "terminationMessagePath": "not written", "terminationMessagePolicy": "not written",
    "securityContext": {
        "allowPrivilegeEscalation": "no_new_privs is always set", "readOnlyRootFilesystem": OK,
        "capabilities": {"drop": Any("all are always dropped")}, "runAsUser": OK, "runAsGroup": OK, "runAsNonRoot": OK,
        "seccompProfile": {"type": "no filter is loaded"}}}

ITEMS = [{"key": OK, "path": OK, "mode": OK}]
FIELDS = [{"path": OK, "mode": OK, "fieldRef": {"apiVersion": OK, "fieldPath": OK}}]
VOLUME = {
    "name": OK,
    "configMap": {"name": OK, "items": ITEMS, "defaultMode": OK, "optional": OK},
    "secret": {"secretName": OK, "items": ITEMS, "defaultMode": OK, "optional": OK},
    "emptyDir": {"medium": OK, "sizeLimit": "a limit for medium Memory; else nothing is evicted"},
    "downwardAPI": {"items": FIELDS, "defaultMode": OK},
    "persistentVolumeClaim": {"claimName": OK, "readOnly": OK},
    "image": {"reference": "a root folder made here, see Software", "pullPolicy": "nothing is pulled"},
    "projected": {"defaultMode": OK, "sources": [{
        "configMap": {"name": OK, "items": ITEMS, "optional": OK},
        "secret": {"name": OK, "items": ITEMS, "optional": OK},
        "downwardAPI": {"items": FIELDS},
        "serviceAccountToken": {"path": OK, "audience": "not in the file", "expirationSeconds": "the file is no token"}}]}}

SELECTOR = {"matchLabels": TEXTS, "matchExpressions": [{"key": OK, "operator": OK, "values": TEXTS}]}
POD_TERM = {"labelSelector": SELECTOR, "topologyKey": OK}
NODE_TERM = {"matchExpressions": [{"key": OK, "operator": OK, "values": TEXTS}]}
POD = {
    "serviceAccountName": "nothing calls the API", "automountServiceAccountToken": "false only; no token is mounted",
    "enableServiceLinks": "false only", "imagePullSecrets": [{"name": "nothing is pulled"}],
    "securityContext": {
        "runAsUser": OK, "runAsGroup": OK, "runAsNonRoot": OK, "fsGroup": OK,
        "fsGroupChangePolicy": "volumes are small: always as OnRootMismatch", "supplementalGroups": TEXTS,
        "seccompProfile": {"type": "no filter is loaded"}},
    "terminationGracePeriodSeconds": OK, "restartPolicy": OK,
    "priorityClassName": NO_SCHEDULER, "runtimeClassName": NO_SCHEDULER, "schedulerName": NO_SCHEDULER,
    "nodeSelector": TEXTS,
    "affinity": {
        "nodeAffinity": {
            "requiredDuringSchedulingIgnoredDuringExecution": {"nodeSelectorTerms": [NODE_TERM]},
            "preferredDuringSchedulingIgnoredDuringExecution": Any("not weighed")},
        "podAntiAffinity": {
            "requiredDuringSchedulingIgnoredDuringExecution": [POD_TERM],
            "preferredDuringSchedulingIgnoredDuringExecution": Any("not weighed: the emptiest node wins")}},
    "topologySpreadConstraints": [{
        "labelSelector": SELECTOR, "maxSkew": OK, "topologyKey": OK,
        "whenUnsatisfiable": "DoNotSchedule; ScheduleAnyway is not weighed", "minDomains": "not counted",
        "matchLabelKeys": Any("not counted")}],
    "tolerations": Any("nodes have no taints"),
    "initContainers": [CONTAINER], "containers": [CONTAINER], "volumes": [VOLUME],
    "dnsPolicy": "ClusterFirst only"}

META = {"name": OK, "namespace": OK, "labels": TEXTS, "annotations": TEXTS}
TEMPLATE = {"metadata": {"labels": TEXTS, "annotations": TEXTS}, "spec": POD}
CLAIM = {"accessModes": Any("a folder, used by one pod"),
         "resources": {"requests": {"storage": "not enforced"}},
         "storageClassName": "every class gives a folder", "volumeName": "a folder all the same",
         "volumeMode": "Filesystem only"}
PORTS = [{"name": OK, "port": OK, "targetPort": OK, "nodePort": OK, "protocol": "TCP only",
          "appProtocol": "accepted"}]
PEER = {"podSelector": SELECTOR, "namespaceSelector": SELECTOR, "ipBlock": {"cidr": OK, "except": TEXTS}}
JOB = {"backoffLimit": OK, "activeDeadlineSeconds": "not counted", "completions": "1 only", "parallelism": "1 only", "ttlSecondsAfterFinished": "jobs are kept",
       "template": TEMPLATE}

KINDS = {
    "Namespace": {"metadata": META},
    "ServiceAccount": {"metadata": META, "automountServiceAccountToken": "nothing calls the API",
                       "imagePullSecrets": [{"name": "nothing is pulled"}]},
    "ConfigMap": {"metadata": META, "data": TEXTS, "binaryData": TEXTS, "immutable": OK},
    "Secret": {"metadata": META, "type": "any", "data": TEXTS, "stringData": TEXTS, "immutable": OK},
    "Service": {"metadata": META, "spec": {
        "type": "ClusterIP, NodePort, LoadBalancer", "clusterIP": "None, or one is given", "ports": PORTS,
        "selector": TEXTS, "publishNotReadyAddresses": OK, "externalTrafficPolicy": OK,
        "internalTrafficPolicy": "Cluster only", "sessionAffinity": "None only",
        "loadBalancerSourceRanges": TEXTS, "loadBalancerClass": "there is one", "loadBalancerIP": OK,
        "allocateLoadBalancerNodePorts": "none are given", "ipFamilyPolicy": "IPv4 only",
        "ipFamilies": Any("IPv4 only")}},
    "StatefulSet": {"metadata": META, "spec": {
        "serviceName": OK, "replicas": OK, "podManagementPolicy": OK, "minReadySeconds": OK,
        "updateStrategy": {"type": OK, "rollingUpdate": {"partition": OK, "maxUnavailable": OK}},
        "persistentVolumeClaimRetentionPolicy": {"whenDeleted": OK, "whenScaled": OK},
        "revisionHistoryLimit": "one revision back is known", "selector": SELECTOR, "template": TEMPLATE,
        "volumeClaimTemplates": [{"apiVersion": OK, "kind": OK, "metadata": META, "spec": CLAIM}]}},
    "Deployment": {"metadata": META, "spec": {
        "replicas": OK, "selector": SELECTOR, "template": TEMPLATE, "revisionHistoryLimit": "no rollback",
        "minReadySeconds": "not waited for", "progressDeadlineSeconds": "not counted",
        "strategy": {"type": "always as Recreate", "rollingUpdate": Any("always as Recreate")}}},
    "Job": {"metadata": META, "spec": JOB},
    "CronJob": {"metadata": META, "spec": {
        "schedule": "runs when a step says so", "timeZone": "not read", "suspend": "not read",
        "concurrencyPolicy": "not read", "startingDeadlineSeconds": "not read",
        "successfulJobsHistoryLimit": "jobs are kept", "failedJobsHistoryLimit": "jobs are kept",
        "jobTemplate": {"metadata": META, "spec": JOB}}},
    "PodDisruptionBudget": {"metadata": META, "spec": {
        "maxUnavailable": "nothing is evicted", "minAvailable": "nothing is evicted", "selector": SELECTOR,
        "unhealthyPodEvictionPolicy": "nothing is evicted"}},
    "NetworkPolicy": {"metadata": META, "spec": {
        "podSelector": SELECTOR, "policyTypes": TEXTS,
        "ingress": [{"from": [PEER], "ports": [{"port": "a number", "protocol": OK}]}],
        "egress": [{"to": [PEER], "ports": [{"port": "a number", "protocol": OK}]}]}},
    "PersistentVolumeClaim": {"metadata": META, "spec": CLAIM},
    "PersistentVolume": {"metadata": META, "spec": Any("claims get folders of their own")},
    "StorageClass": {"metadata": META, "provisioner": "every class gives a folder", "parameters": Any("not read"),
                     "reclaimPolicy": "not read", "volumeBindingMode": "as WaitForFirstConsumer",
                     "allowVolumeExpansion": "not read", "mountOptions": Any("not read"),
                     "allowedTopologies": Any("not read")},
    "PodMonitor": {"metadata": META, "spec": Any("read by the scrape check")},
    "ServiceMonitor": {"metadata": META, "spec": Any("read by the scrape check")},
    "PrometheusRule": {"metadata": META, "spec": Any("read by promtool, where there is one")},
}
ONLY = {"enableServiceLinks": [False], "automountServiceAccountToken": [False], "dnsPolicy": ["ClusterFirst"],
        "protocol": ["TCP"], "scheme": ["HTTP"], "volumeMode": ["Filesystem"], "sessionAffinity": ["None"],
        "internalTrafficPolicy": ["Cluster"], "completions": [1], "parallelism": [1], "type": None}


def check(value, model, path):
    """Raises Unknown at the first thing below `value` that `model` does not have."""
    key = path.rsplit(".", 1)[-1]
    if ONLY.get(key) and isinstance(model, str) and " only" in model and value not in ONLY[key]:
        raise Unknown(f"{path}: the runner does not know the value {value!r}")
    if isinstance(model, Any) or value is None:
        return
    if isinstance(model, list):
        if not isinstance(value, list):
            raise Unknown(f"{path}: not a list")
        for i, item in enumerate(value):
            check(item, model[0], f"{path}[{i}]")
    elif isinstance(model, dict):
        if not isinstance(value, dict):
            raise Unknown(f"{path}: not a map")
        for name, item in value.items():
            if name not in model:
                raise Unknown(f"{path}.{name}: the runner does not know this field")
            check(item, model[name], f"{path}.{name}")
    elif isinstance(value, (dict, list)):
        raise Unknown(f"{path}: a value was expected")


def check_object(obj):
    """One manifest: its kind is known, and each of its fields."""
    kind, name = obj.get("kind"), obj.get("metadata", {}).get("name")
    if kind not in KINDS:
        raise Unknown(f"{kind} '{name}': the runner does not know this kind")
    check(obj, {"apiVersion": OK, "kind": OK, **KINDS[kind]}, f"{kind}/{name}")


# Parts that occur in several places: told once.
PARTS = {"metadata": META, "selector": SELECTOR, "probe": PROBE, "env": ENV[0], "container": CONTAINER, "volume": VOLUME,
         "pod": POD, "claim": CLAIM, "job": JOB}


def leaves(model, path=""):
    """Yields (field, treatment) for every leaf of one part or kind."""
    for key, below in model.items():
        here = f"{path}.{key}" if path else key
        while isinstance(below, list):
            here, below = here + "[]", below[0]
        part = next((name for name, m in PARTS.items() if m is below), None)
        if part:
            yield here, f"see {part}" if part not in ("metadata", "selector") else OK
        elif isinstance(below, dict):
            yield from leaves(below, here)
        else:
            yield here, str(below)


def rows():
    """Yields (part or kind, fields, treatment) for the table of the README: fields treated alike share a row."""
    for name, model in {**PARTS, **KINDS}.items():
        alike = {}
        for field, how in leaves(model):
            alike.setdefault(how, []).append(field)
        for how, fields in alike.items():
            yield name, ", ".join(fields), how


def matches(selector, labels):
    """Whether a label selector (None: nothing, {}: everything) selects these labels."""
    if selector is None:
        return False
    for key, value in selector.get("matchLabels", {}).items():
        if labels.get(key) != value:
            return False
    for term in selector.get("matchExpressions", []):
        if not expression(term, labels):
            return False
    return True


def expression(term, labels):
    """One matchExpressions entry of a label or node selector."""
    has, value, values = term["key"] in labels, labels.get(term["key"]), term.get("values") or []
    operators = {"In": has and value in values, "NotIn": value not in values,
                 "Exists": has, "DoesNotExist": not has}
    if term["operator"] not in operators:
        raise Unknown(f"operator {term['operator']}")
    return operators[term["operator"]]
