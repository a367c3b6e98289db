"""Everything that a scenario runs in: store, network, nodes, controllers; and the clients' places."""
import os
import threading
import time

from . import dns, network
from .controller import Deployments, Jobs, StatefulSets, remove_claims
from .pods import Pod, sandbox
from .scheduler import Scheduler
from .software import Images
from .store import Store
from .system import wait_until

REFRESH = 60  # kubelet's sync period, after which changed ConfigMaps are in the files


class World:
    """One cluster of virtual nodes. Everything in it is a child of this process and its namespaces, and ends with it."""

    def __init__(self, folder, nodes=6, zones=(), labels=None, log=print):
        self.folder, self.log, self.begun = folder, log, time.monotonic()
        for name in ("pods", "logs", "claims"):
            os.makedirs(f"{folder}/{name}", exist_ok=True)
        network.setup()
        self.network = network.Network()
        self.store = Store(self.network)
        self.images = Images()
        self.scheduler = Scheduler(nodes, list(zones), labels or {})
        self.controllers = [StatefulSets(self), Deployments(self), Jobs(self)]
        self.outside = sandbox("outside")
        self.network.attach_outside(self.outside.pid)
        dns.Server(network.DNS, self.store.cluster_names)
        dns.Server(network.OUTSIDE_DNS, self.store.outside_names)
        self.ended = threading.Event()
        self.events = open(f"{folder}/events.log", "w")
        threading.Thread(target=self.loop, daemon=True).start()
        threading.Thread(target=self.refresh, daemon=True).start()

    def event(self, text):
        line = f"{time.monotonic() - self.begun:7.1f} {text}"
        self.events.write(line + "\n")
        self.events.flush()
        self.log(line)

    def loop(self):
        """The controllers and the network look whenever something changed, and twice a second anyway."""
        while not self.ended.is_set():
            self.store.changed.wait(0.5)
            self.store.changed.clear()
            try:
                self.step()
            except Exception as e:  # a controller that dies silently would look like a hung cluster
                self.event(f"controller failed: {type(e).__name__}: {e}")
                time.sleep(1)

    def step(self):
        with self.store.lock:
            for pod in [p for p in self.store.pods if p.removed]:
                self.store.pods.remove(pod)
                if getattr(pod, "claims_go", False):
                    remove_claims(self.folder, pod)
            for controller in self.controllers:
                controller.reconcile()
        self.network.sync(self.store, self.scheduler.nodes)

    def refresh(self):
        while not self.ended.wait(REFRESH):
            for pod in self.store.live_pods():
                try:
                    pod.volumes.refresh()
                except Exception as e:
                    if not pod.terminating:
                        pod.event(f"volumes not refreshed: {e}")

    def add(self, pod):
        with self.store.lock:
            self.store.pods.append(pod)
        pod.thread.start()

    def pod(self, name):
        return next((p for p in self.store.pods if p.name == name), None)

    def settled(self):
        with self.store.lock:
            return all(c.settled() for c in self.controllers)

    def unsettled(self):
        """Which pods keep it from being settled."""
        late = [p.name for p in self.store.pods if not p.is_ready()]
        return f"not ready: {', '.join(late) or 'pods are missing'}"

    def add_client(self, namespace, labels, name="client"):
        """A pod without a container: a place in the cluster's network for clients, with an address and labels."""
        template = {"metadata": {"labels": labels}, "spec": {"containers": []}}
        pod = Pod(self, ("Client", namespace, name), name, namespace, template, "")
        self.add(pod)
        wait_until(lambda: pod.ip and os.path.exists(f"{pod.folder}/etc/resolv.conf"), 20, "no client pod")
        return pod

    def stop(self):
        """Ends all pods at once; what is left goes with the namespaces."""
        with self.store.lock:
            self.store.manifests = {}
            pods = list(self.store.pods)
            for pod in pods:
                pod.stop(grace=3)
        wait_until(lambda: all(p.removed for p in pods), 30, "pods did not end")
        self.ended.set()
        self.outside.kill()
