"""One pod: sandbox, address, volumes, containers in order; and how it goes."""
import os
import shutil
import subprocess
import threading
import time
import uuid

from .containers import Container
from .network import resolv_conf
from .system import Failed, wait_until
from .volumes import Volumes


class Pod:
    """A pod from a template. It starts on its own thread; stop() returns at once, `removed` says when it is gone."""

    def __init__(self, world, owner, name, namespace, template, revision, subdomain="", claims=()):
        self.world, self.store, self.images = world, world.store, world.images
        self.owner, self.name, self.namespace, self.revision = owner, name, namespace, revision
        meta = template.get("metadata", {})
        self.labels, self.annotations = dict(meta.get("labels", {})), dict(meta.get("annotations", {}))
        self.spec = dict(template["spec"])
        self.spec["volumes"] = [*claims, *(v for v in self.spec.get("volumes", [])
                                           if v["name"] not in {c["name"] for c in claims})]
        self.subdomain, self.uid = subdomain, str(uuid.uuid4())
        self.grace = self.spec.get("terminationGracePeriodSeconds", 30)
        self.folder, self.logs = f"{world.folder}/pods/{self.uid}", f"{world.folder}/logs"
        self.node = self.ip = self.sandbox = None
        self.terminating = self.removed = False
        self.created, self.ready_at = time.monotonic(), None
        self.init_containers = [Container(self, c, init=True) for c in self.spec.get("initContainers", [])]
        self.containers = [Container(self, c) for c in self.spec["containers"]]
        self.volumes = Volumes(self.store, self, f"{world.folder}/claims", self.images)
        self.thread = threading.Thread(target=self.live, daemon=True)

    def event(self, text):
        self.world.event(f"{self.name}: {text}")

    def is_ready(self):
        ready = bool(self.ip) and not self.terminating and all(c.ready for c in self.containers)
        if not ready:
            self.ready_at = None
        elif self.ready_at is None:
            self.ready_at = time.monotonic()
        return ready

    def restarts(self):
        return sum(max(c.restarts, 0) for c in self.containers)

    def port_named(self, name):
        for c in self.containers:
            for port in c.spec.get("ports", []):
                if port.get("name") == name:
                    return port["containerPort"]
        return None

    # ---- its life --------------------------------------------------------------------------------------------------------

    def live(self):
        try:
            self.make()
            if self.run_init():
                self.run_containers()
        except Exception as e:  # whatever it is: the pod stays unready and says why
            self.event(f"failed: {type(e).__name__}: {e}")
            while not self.terminating:
                time.sleep(0.1)
        self.clean()

    def make(self):
        wait_until(self.place, 3600, lambda: f"pod '{self.name}' fits on no node")
        if self.terminating:
            return
        for name in ("etc", "volumes"):
            os.makedirs(f"{self.folder}/{name}")
        self.sandbox = sandbox(self.name)
        self.ip = self.world.network.attach(self.sandbox.pid, self.name)
        self.write_etc()
        self.volumes.prepare()
        self.event(f"created on {self.node.name}, {self.ip}")
        self.store.wake()

    def place(self):
        if self.terminating:
            return True
        self.node = self.world.scheduler.place(self)
        return self.node is not None

    def write_etc(self):
        host = f"{self.name}.{self.subdomain}.{self.namespace}.svc.cluster.local\t{self.name}" if self.subdomain else self.name
        files = {"hosts": f"127.0.0.1\tlocalhost\n{self.ip}\t{host}\n", "hostname": f"{self.name}\n",
                 "resolv.conf": resolv_conf(self.namespace)}
        for name, text in files.items():
            with open(f"{self.folder}/etc/{name}", "w") as f:
                f.write(text)

    def run_init(self):
        for c in self.init_containers:
            wait = 10
            while not self.terminating and not c.run_once():
                time.sleep(wait)
                wait = min(wait * 2, 300)
        return not self.terminating

    def run_containers(self):
        policy = self.spec.get("restartPolicy", "Always")
        threads = [threading.Thread(target=c.keep_running, args=(policy,), daemon=True) for c in self.containers]
        for t in threads:
            t.start()
        for t in threads:
            t.join()
        while not self.terminating and policy == "Always":
            time.sleep(0.1)

    # ---- its end ---------------------------------------------------------------------------------------------------------

    def stop(self, grace=None):
        """Deletes the pod: it leaves the endpoints, its containers get their time, then it is gone."""
        if self.terminating:
            return
        self.terminating = True
        self.store.wake()
        for c in self.init_containers + self.containers:
            threading.Thread(target=c.stop, args=(self.grace if grace is None else grace,), daemon=True).start()

    def clean(self):
        if self.world.scheduler:
            self.world.scheduler.forget(self)
        if self.sandbox:
            self.sandbox.kill()
            self.sandbox.wait()
        for c in self.init_containers + self.containers:
            if c.cgroup:
                c.cgroup.remove()
        self.volumes.remove()
        shutil.rmtree(self.folder, ignore_errors=True)
        self.removed, self.ip = True, None
        self.event("gone")
        self.store.wake()


def sandbox(name):
    """A process that holds a pod's network, host name and IPC namespaces."""
    script = f"hostname {name}; sysctl -qw net.ipv6.conf.all.disable_ipv6=1 2>/dev/null; exec sleep infinity"
    process = subprocess.Popen(["unshare", "--net", "--uts", "--ipc", "--", "sh", "-c", script], stdin=subprocess.DEVNULL,
                               start_new_session=True)
    mine = os.readlink("/proc/self/ns/net")

    def entered():
        try:
            with open(f"/proc/{process.pid}/comm") as f:
                return f.read().strip() == "sleep" and os.readlink(f"/proc/{process.pid}/ns/net") != mine
        except OSError:
            return False
    wait_until(entered, 10, "no sandbox", step=0.01)
    if process.poll() is not None:
        raise Failed("the sandbox ended")
    return process
