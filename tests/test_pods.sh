#!/bin/bash
# Every pod that leaves may run where nothing is given away: tests/test_pods.sh path/to/gregor
# The objects of all presets and golden cases, read by rules that share no code with verify/policy.c: the restricted Pod Security
# Standard, pods without a token, and the same descriptions for OpenShift, whose restricted-v2 gives out users and groups itself.
# What a description's own fragment breaks, and the compiler therefore reports (W0765), is left out.
set -u
GREGOR=$(realpath "${1:?path of gregor}")
cd "$(dirname "$0")/.." || exit 1
export GREGOR

exec python3 - <<'END'
import glob, json, os, re, subprocess, sys

gregor = os.environ["GREGOR"]
VOLUMES = {"configMap", "csi", "downwardAPI", "emptyDir", "ephemeral", "image", "persistentVolumeClaim", "projected", "secret"}
OURS = {"kafka", "zookeeper", "jmx-exporter", "kafka-exporter"}
USERS = ("runAsUser", "runAsGroup", "fsGroup", "supplementalGroups")
facts = failed = pods = on_openshift = 0


def compiled(case, *words):
    """Objects, or None when the case does not compile or breaks the standard by itself."""
    folder, name = os.path.split(case)
    args = open(folder + "/args").read() if os.path.exists(folder + "/args") else ""
    command = f'"$GREGOR" build {name} {args} --per-file=cluster --to json {" ".join(words)}'
    done = subprocess.run(command, shell=True, cwd=folder, stdout=subprocess.PIPE, stderr=subprocess.PIPE)
    if done.returncode != 0 or b"[W0765]" in done.stderr:
        return None
    return json.loads(done.stdout)["items"]


def pod_of(o):
    spec = o.get("spec") or {}
    if o["kind"] == "Pod":
        return spec
    if o["kind"] == "CronJob":
        spec = spec["jobTemplate"]["spec"]
    return spec["template"]["spec"] if "template" in spec and "spec" in spec["template"] else None


def broken(pod):
    """Yields what the pod does that it must not."""
    context = pod.get("securityContext", {})
    if pod.get("automountServiceAccountToken") is not False or not pod.get("serviceAccountName"):
        yield "a token may be mounted"
    tokens = [s["serviceAccountToken"] for v in pod.get("volumes", []) for s in v.get("projected", {}).get("sources", []) if "serviceAccountToken" in s]
    if any("audience" not in t for t in tokens):
        yield "a token for the Kubernetes API is projected"
    if any(pod.get(k) for k in ("hostNetwork", "hostPID", "hostIPC")) or context.get("sysctls"):
        yield "it is part of its host"
    if context.get("runAsNonRoot") is not True or context.get("runAsUser") == 0:
        yield "it may be root"
    if context.get("seccompProfile", {}).get("type") != "RuntimeDefault":
        yield "no seccomp profile"
    for volume in pod.get("volumes", []):
        if not set(volume) - {"name"} <= VOLUMES:
            yield f"volume {volume['name']}"
    for c in pod.get("initContainers", []) + pod["containers"]:
        yield from broken_container(c, c.get("securityContext", {}))


def broken_container(c, context):
    if context.get("allowPrivilegeEscalation") is not False or context.get("privileged"):
        yield f"{c['name']} may gain rights"
    if context.get("capabilities", {}).get("drop") != ["ALL"] or set(context["capabilities"].get("add", [])) - {"NET_BIND_SERVICE"}:
        yield f"{c['name']} has capabilities"
    if context.get("runAsNonRoot") is False or context.get("runAsUser") == 0:
        yield f"{c['name']} may be root"
    if context.get("seccompProfile", {"type": "RuntimeDefault"})["type"] not in ("RuntimeDefault", "Localhost"):
        yield f"{c['name']} has no seccomp profile"
    if any(p.get("hostPort") for p in c.get("ports", [])):
        yield f"{c['name']} opens a port of its host"
    if c["name"] in OURS and context.get("readOnlyRootFilesystem") is not True:
        yield f"{c['name']} may write to its image"


def refused_on_openshift(pod):
    """Users that are constant, and kinds of volumes that restricted-v2 does not list."""
    yield from (f"{k} is constant" for k in constant_users(pod))
    yield from (f"volume {v['name']} is an image" for v in pod.get("volumes", []) if "image" in v)


def constant_users(pod):
    contexts = [pod.get("securityContext", {})] + [c.get("securityContext", {}) for c in pod.get("initContainers", []) + pod["containers"]]
    return sorted({k for context in contexts for k in USERS if k in context})


def judge(case, o, openshift):
    global facts, failed, pods
    wrong, pod = [], pod_of(o)
    if o["kind"] == "Namespace" and o["metadata"].get("labels", {}).get("pod-security.kubernetes.io/enforce") != "restricted":
        wrong.append("the namespace admits any pod")
    if o["kind"] == "ServiceAccount" and o.get("automountServiceAccountToken") is not False:
        wrong.append("its token may be mounted")
    if o["kind"] in ("Role", "RoleBinding", "ClusterRole", "ClusterRoleBinding"):
        wrong.append("rights in the Kubernetes API")
    if pod:
        pods += 1
        wrong += broken(pod)
        if openshift:
            wrong += refused_on_openshift(pod)
    facts += 1
    failed += bool(wrong)
    for what in wrong:
        print(f"FAILED {case}{' on OpenShift' if openshift else ''}: {o['kind']}/{o['metadata']['name']}: {what}")


for case in sorted(glob.glob("presets/*.yaml") + glob.glob("golden/*/input.yaml")):
    text = open(case, errors="replace").read()
    for o in compiled(case) or []:
        judge(case, o, re.search(r"^platform: openshift", text, re.M) is not None)
    there = None if re.search("|".join(USERS) + r"|layout: \{", text) else compiled(case, "--set", "platform=openshift")
    on_openshift += there is not None
    for o in there or []:
        judge(case, o, True)
if pods < 300 or on_openshift < 50:
    failed += 1
    print(f"FAILED all: only {pods} pods, {on_openshift} descriptions for OpenShift")
print(f"test_pods: {facts} facts, {failed} failed")
sys.exit(failed > 0)
END
