"""The controllers: StatefulSet as Kubernetes does it, Deployment and Job as far as they are needed."""
import hashlib
import json
import os
import shutil
import time

from .pods import Pod


def revision(template):
    """A name for a template: pods made from another one are replaced."""
    return hashlib.sha256(json.dumps(template, sort_keys=True).encode()).hexdigest()[:10]


class StatefulSets:
    """Makes the pods of every StatefulSet in the store as its spec says."""

    def __init__(self, world):
        self.world, self.store = world, world.store
        self.templates = {}

    def reconcile(self):
        wanted = {}
        for obj in self.store.of("StatefulSet"):
            wanted[obj["metadata"]["namespace"], obj["metadata"]["name"]] = obj
        for pod in list(self.store.pods):
            if pod.owner[0] == "StatefulSet" and pod.owner[1:] not in wanted:
                pod.stop()
        for key, obj in wanted.items():
            self.one(key, obj["spec"])

    def one(self, key, spec):
        pods = {int(p.name.rsplit("-", 1)[1]): p for p in self.store.pods if p.owner == ("StatefulSet", *key)}
        ordered = spec.get("podManagementPolicy", "OrderedReady") == "OrderedReady"
        count = spec.get("replicas", 1)
        for ordinal in range(count):
            if ordinal not in pods:
                pods[ordinal] = self.create(key, spec, ordinal)
            if ordered and not self.healthy(pods[ordinal], spec):
                return
        extra = sorted((o for o in pods if o >= count), reverse=True)
        for ordinal in extra[:1] if ordered else extra:
            self.remove(pods[ordinal], spec)
        if not extra:
            self.update(pods, spec)

    def template(self, key, spec, ordinal):
        """(template, revision): below the partition the old one, as long as it is known."""
        new = revision(spec["template"])
        known = self.templates.setdefault(key, {})
        known[new] = spec["template"]
        partition = spec.get("updateStrategy", {}).get("rollingUpdate", {}).get("partition", 0)
        older = [r for r in known if r != new]
        use = older[-1] if ordinal < partition and older else new
        return known[use], use

    def create(self, key, spec, ordinal):
        namespace, name = key
        template, rev = self.template(key, spec, ordinal)
        pod_name = f"{name}-{ordinal}"
        claims = [{"name": c["metadata"]["name"],
                   "persistentVolumeClaim": {"claimName": f"{c['metadata']['name']}-{pod_name}"}}
                  for c in spec.get("volumeClaimTemplates", [])]
        pod = Pod(self.world, ("StatefulSet", *key), pod_name, namespace, template, rev, spec.get("serviceName", ""), claims)
        pod.labels |= {"statefulset.kubernetes.io/pod-name": pod_name, "controller-revision-hash": f"{name}-{rev}",
                       "apps.kubernetes.io/pod-index": str(ordinal)}
        self.world.add(pod)
        return pod

    def remove(self, pod, spec):
        pod.stop()
        if spec.get("persistentVolumeClaimRetentionPolicy", {}).get("whenScaled") == "Delete":
            pod.claims_go = True

    @staticmethod
    def healthy(pod, spec):
        return (pod.is_ready() and not pod.terminating
                and time.monotonic() - (pod.ready_at or time.monotonic()) >= spec.get("minReadySeconds", 0))

    def update(self, pods, spec):
        """From the highest ordinal down: replace what has another template, and wait for what is not ready."""
        strategy = spec.get("updateStrategy", {})
        if strategy.get("type", "RollingUpdate") != "RollingUpdate":
            return
        rolling = strategy.get("rollingUpdate", {})
        new, left = revision(spec["template"]), self.at_once(rolling.get("maxUnavailable", 1), spec.get("replicas", 1))
        for ordinal in sorted((o for o in pods if o >= rolling.get("partition", 0)), reverse=True):
            pod = pods[ordinal]
            if pod.revision != new and not pod.terminating:
                pod.event("replaced by the rolling update")
                pod.stop()
                left -= 1
            elif not self.healthy(pod, spec):
                left -= 1
            if left <= 0:
                return

    @staticmethod
    def at_once(value, replicas):
        if isinstance(value, str) and value.endswith("%"):
            return max(1, int(value[:-1]) * replicas // 100)
        return int(value)

    def settled(self):
        """Whether every StatefulSet has all its pods, of the newest template and ready."""
        for obj in self.store.of("StatefulSet"):
            key, spec = (obj["metadata"]["namespace"], obj["metadata"]["name"]), obj["spec"]
            pods = [p for p in self.store.pods if p.owner == ("StatefulSet", *key)]
            new, partition = revision(spec["template"]), spec.get("updateStrategy", {}).get("rollingUpdate", {}).get("partition", 0)
            if len(pods) != spec.get("replicas", 1):
                return False
            for p in pods:
                old = p.revision != new and int(p.name.rsplit("-", 1)[1]) >= partition
                if old or not p.is_ready():
                    return False
        return True


class Deployments:
    """Keeps the pods of Deployments; a new template replaces all at once."""

    def __init__(self, world):
        self.world, self.store = world, world.store
        self.serial = 0

    def reconcile(self):
        wanted = {(o["metadata"]["namespace"], o["metadata"]["name"]): o["spec"] for o in self.store.of("Deployment")}
        for pod in list(self.store.pods):
            if pod.owner[0] == "Deployment":
                spec = wanted.get(pod.owner[1:])
                if spec is None or pod.revision != revision(spec["template"]):
                    pod.stop()
        for key, spec in wanted.items():
            pods = [p for p in self.store.pods if p.owner == ("Deployment", *key)]
            for _ in range(spec.get("replicas", 1) - len(pods)):
                self.serial += 1
                self.world.add(Pod(self.world, ("Deployment", *key), f"{key[1]}-{self.serial:05x}", key[0], spec["template"],
                                   revision(spec["template"])))

    def settled(self):
        return all(p.is_ready() for p in self.store.pods if p.owner[0] == "Deployment")


class Jobs:
    """Runs each Job until it succeeds or has failed too often."""

    def __init__(self, world):
        self.world, self.store = world, world.store
        self.state = {}

    def reconcile(self):
        described = {(o["metadata"]["namespace"], o["metadata"]["name"]): o["spec"] for o in self.store.of("Job")}
        for namespace, name in [key for key in self.state if key not in described]:
            self.remove(namespace, name)
        for (namespace, name), spec in described.items():
            self.run(namespace, name, spec)

    def remove(self, namespace, name):
        """With a Job its pods go."""
        _, pod, done = self.state.pop((namespace, name))
        if done is None and pod is not None:
            pod.stop()

    def run(self, namespace, name, spec):
        """Starts the next try when the last one ended badly; ended pods are kept off the list."""
        tries, pod, done = self.state.get((namespace, name), (0, None, None))
        if done is not None or (pod is not None and not all(c.finished for c in pod.containers)):
            return
        if pod is not None:
            good = all(c.exit_code == 0 for c in pod.containers)
            pod.stop()
            if good or tries > spec.get("backoffLimit", 6):
                self.state[namespace, name] = tries, pod, good
                return
        new = Pod(self.world, ("Job", namespace, name), f"{name}-{tries}", namespace, spec["template"], "")
        new.spec.setdefault("restartPolicy", "Never")
        self.state[namespace, name] = tries + 1, new, None
        self.world.add(new)

    def again(self):
        """Forgets how every Job ended, as if somebody had deleted and applied it: it runs once more."""
        self.state.clear()

    def trigger(self, cron):
        """Makes a Job of a CronJob now, as its schedule would."""
        meta = cron["metadata"]
        name = f"{meta['name']}-{len(self.state)}"
        job = {"kind": "Job", "metadata": {**meta, "name": name}, "spec": cron["spec"]["jobTemplate"]["spec"]}
        with self.store.lock:
            self.store.manifests["Job", meta["namespace"], name] = job
        return meta["namespace"], name

    def settled(self):
        return all(self.state.get((o["metadata"]["namespace"], o["metadata"]["name"]), (0, None, None))[2]
                   for o in self.store.of("Job"))


def remove_claims(folder, pod):
    """What persistentVolumeClaimRetentionPolicy Delete does once the pod is gone."""
    for volume in pod.spec.get("volumes", []):
        if "persistentVolumeClaim" in volume:
            shutil.rmtree(os.path.join(folder, "claims", pod.namespace, volume["persistentVolumeClaim"]["claimName"]),
                          ignore_errors=True)
