"""What the API server would hold: manifests, pods, and what is derived from them (endpoints, names)."""
import threading

from . import objects
from .objects import matches
from .system import Failed

# Fields of a StatefulSet's spec that may change; an API server refuses the others.
MUTABLE = {"replicas", "template", "updateStrategy", "minReadySeconds", "persistentVolumeClaimRetentionPolicy", "ordinals",
           "revisionHistoryLimit"}


class Store:
    """Manifests by kind, namespace and name. `changed` is set whenever a controller or the network should look again."""

    def __init__(self, network):
        self.network = network
        self.lock = threading.RLock()
        self.manifests = {}
        self.pods = []
        self.changed = threading.Event()

    def apply(self, manifests):
        """Takes a whole stream in place of the last one, as `kubectl apply --prune` does."""
        new = {}
        for obj in manifests:
            objects.check_object(obj)
            meta = obj["metadata"]
            new[obj["kind"], meta.get("namespace", "default"), meta["name"]] = obj
        with self.lock:
            for key, obj in new.items():
                self.check_change(key, self.manifests.get(key), obj)
            self.manifests = new
        self.changed.set()

    @staticmethod
    def check_change(key, old, new):
        if old is None:
            return
        if key[0] == "StatefulSet":
            for field in set(old["spec"]) | set(new["spec"]):
                if field not in MUTABLE and old["spec"].get(field) != new["spec"].get(field):
                    raise Failed(f"StatefulSet '{key[2]}': an API server refuses a change of spec.{field}")
        if key[0] == "Job" and old["spec"]["template"] != new["spec"]["template"]:
            raise Failed(f"Job '{key[2]}': an API server refuses a change of spec.template")
        if key[0] in ("ConfigMap", "Secret") and old.get("immutable") and old != new:
            raise Failed(f"{key[0]} '{key[2]}' is immutable")

    def of(self, kind):
        with self.lock:
            return [obj for (k, _, _), obj in self.manifests.items() if k == kind]

    def get(self, kind, namespace, name):
        return self.manifests.get((kind, namespace, name))

    def live_pods(self):
        """Pods that have an address."""
        with self.lock:
            return [p for p in self.pods if p.ip and not p.removed]

    def namespace_labels(self, name):
        known = self.get("Namespace", name, name) or self.get("Namespace", "default", name) or {"metadata": {}}
        return {"kubernetes.io/metadata.name": name, **known["metadata"].get("labels", {})}

    # ---- endpoints and names -------------------------------------------------------------------------------------------

    def behind(self, service):
        """The pods of a Service: ready ones, or all with publishNotReadyAddresses."""
        spec, meta = service["spec"], service["metadata"]
        selector = spec.get("selector")
        if not selector:
            return []
        return [p for p in self.live_pods() if p.namespace == meta.get("namespace", "default")
                and matches({"matchLabels": selector}, p.labels)
                and (spec.get("publishNotReadyAddresses") or p.is_ready())]

    def endpoints(self, service, port, node=None):
        """[(address, port)] for one port of a Service, on one node if asked."""
        found = []
        for pod in self.behind(service):
            target = port.get("targetPort", port["port"])
            number = target if isinstance(target, int) else pod.port_named(target)
            if number and node in (None, pod.node):
                found.append((pod.ip, number))
        return sorted(found)

    def cluster_names(self):
        """{name: [addresses]} for pods inside, as CoreDNS answers them; also what external-dns publishes."""
        names = dict(self.outside_names())
        for service in self.of("Service"):
            meta = service["metadata"]
            name = f"{meta['name']}.{meta.get('namespace', 'default')}.svc.cluster.local"
            cluster, _ = self.network.addresses(service)
            if cluster:
                names[name] = [cluster]
                names.update({f"{p.ip.replace('.', '-')}.{name}": [p.ip] for p in self.behind(service)})
                continue
            pods = self.behind(service)
            if pods:
                names[name] = [p.ip for p in pods]
            for pod in pods:
                if pod.subdomain == meta["name"]:
                    names[f"{pod.name}.{name}"] = [pod.ip]
        return names

    def outside_names(self):
        """What external-dns makes of its annotation on Services: the balancer's address, or those of all nodes."""
        names = {}
        for service in self.of("Service"):
            hosts = service["metadata"].get("annotations", {}).get("external-dns.alpha.kubernetes.io/hostname")
            for host in (hosts or "").split(","):
                _, balancer = self.network.addresses(service)
                if host:
                    names[host.strip()] = [balancer or self.network.node_address(0)]
        return names

    def wake(self):
        self.changed.set()
