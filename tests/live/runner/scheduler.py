"""Virtual nodes, and which pod goes where: required terms only; among the fitting nodes the emptiest wins."""
import threading

from .network import Network
from .objects import expression, matches

HOST, ZONE = "kubernetes.io/hostname", "topology.kubernetes.io/zone"
REQUIRED = "requiredDuringSchedulingIgnoredDuringExecution"


class Node:
    """A node is a name, labels and an address; all share the machine."""

    def __init__(self, index, zone, labels):
        self.name = f"node-{index}"
        self.address = Network.node_address(index)
        self.labels = {HOST: self.name, **labels, **({ZONE: zone} if zone else {})}


class Scheduler:
    """Places pods one at a time. A claim keeps its pods in the zone where they were first."""

    def __init__(self, count, zones, labels):
        self.nodes = [Node(i, zones[i % len(zones)] if zones else None, labels) for i in range(count)]
        self.lock = threading.Lock()
        self.placed = []
        self.claim_zones = {}

    def place(self, pod):
        """Returns a node, or None when none fits now."""
        with self.lock:
            fitting = [n for n in self.nodes if self.fits(pod, n)]
            if not fitting:
                return None
            node = min(fitting, key=lambda n: (sum(1 for _, at in self.placed if at is n), self.nodes.index(n)))
            self.placed.append((pod, node))
            for claim in self.claims(pod):
                self.claim_zones.setdefault(claim, node.labels.get(ZONE))
            if ZONE in node.labels:  # Kubernetes 1.35 copies it to the pod
                pod.labels[ZONE] = node.labels[ZONE]
            return node

    def forget(self, pod):
        with self.lock:
            self.placed = [(p, n) for p, n in self.placed if p is not pod]

    @staticmethod
    def claims(pod):
        return [(pod.namespace, v["persistentVolumeClaim"]["claimName"]) for v in pod.spec.get("volumes", [])
                if "persistentVolumeClaim" in v]

    def fits(self, pod, node):
        spec, affinity = pod.spec, pod.spec.get("affinity", {})
        zones = {self.claim_zones.get(c) for c in self.claims(pod)} - {None}
        return (all(node.labels.get(k) == v for k, v in spec.get("nodeSelector", {}).items())
                and zones <= {node.labels.get(ZONE)}
                and self.wants(affinity.get("nodeAffinity", {}).get(REQUIRED), node)
                and not any(self.beside(term, pod, node) for term in affinity.get("podAntiAffinity", {}).get(REQUIRED, []))
                and all(self.spreads(term, pod, node) for term in spec.get("topologySpreadConstraints", [])
                        if term["whenUnsatisfiable"] == "DoNotSchedule"))

    @staticmethod
    def wants(affinity, node):
        if affinity is None:
            return True
        return any(all(expression(e, node.labels) for e in term.get("matchExpressions", []))
                   for term in affinity["nodeSelectorTerms"])

    def peers(self, term, pod):
        return [n for p, n in self.placed if p.namespace == pod.namespace and matches(term["labelSelector"], p.labels)]

    def beside(self, term, pod, node):
        key = term["topologyKey"]
        return any(n.labels.get(key) == node.labels.get(key) for n in self.peers(term, pod))

    def spreads(self, term, pod, node):
        key = term["topologyKey"]
        if key not in node.labels:
            return False
        eligible = [n for n in self.nodes if self.wants(pod.spec.get("affinity", {}).get("nodeAffinity", {}).get(REQUIRED), n)]
        counts = {n.labels[key]: 0 for n in eligible if key in n.labels}
        for n in self.peers(term, pod):
            if n.labels.get(key) in counts:
                counts[n.labels[key]] += 1
        return counts.get(node.labels[key], 0) + 1 - min(counts.values()) <= term["maxSkew"]
