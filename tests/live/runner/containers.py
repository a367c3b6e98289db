"""One container: its root, its process, its restarts; commands beside it; how it stops."""
import json
import os
import re
import signal
import subprocess
import threading
import time

from .objects import Unknown
from .probes import Prober
from .software import Image
from .system import PYTHON, HERE, Cgroup, Failed, quantity
from .volumes import content, field

SHIM = os.path.join(HERE, "shim.py")
FIRST_BACKOFF, LAST_BACKOFF = 10, 300


def expand(text, values):
    """$(NAME) as kubelet expands it: an unknown name stays, $$ is $."""
    def one(found):
        if found.group(0) == "$$":
            return "$"
        return values.get(found.group(1), found.group(0))
    return re.sub(r"\$\$|\$\(([A-Za-z_.-][A-Za-z0-9_.-]*)\)", one, text)


class Container:
    """A container of a pod. `started`, `ready` and `restarts` are what its status would say."""

    def __init__(self, pod, spec, init=False):
        self.pod, self.spec, self.init = pod, spec, init
        self.name = spec["name"]
        self.started = self.ready = self.finished = False
        self.restarts, self.exit_code = -1, None
        self.process = self.pid = None
        self.cgroup = None
        self.stopping = threading.Event()
        self.probers = []
        self.killed_by_probe = False

    # ---- what it runs ----------------------------------------------------------------------------------------------------

    def environment(self):
        """Image, then env in order, each seeing those before it."""
        values, image = {}, self.pod.images.find(self.spec["image"])
        for item in self.spec.get("env", []):
            if "valueFrom" in item:
                value = self.value_from(item["valueFrom"])
                if value is not None:
                    values[item["name"]] = value
            else:
                values[item["name"]] = expand(str(item.get("value", "")), values)
        return {**image.env, "HOSTNAME": self.pod.name, "HOME": "/", **values}, values

    def value_from(self, source):
        kind, ref = next(iter(source.items()))
        if kind == "fieldRef":
            return field(self.pod, ref["fieldPath"])
        if kind == "resourceFieldRef":
            group, _, what = ref["resource"].partition(".")
            return str(int(quantity(self.spec["resources"][group][what]) // quantity(ref.get("divisor", 1) or 1)))
        obj = self.pod.store.get("ConfigMap" if kind == "configMapKeyRef" else "Secret", self.pod.namespace, ref["name"])
        data = content(obj) if obj else {}
        if ref["key"] in data:
            return data[ref["key"]].decode()
        if ref.get("optional"):
            return None
        raise Failed(f"{kind} '{ref['name']}' has no key '{ref['key']}'")

    def user(self):
        """Numeric ids; what runAsNonRoot refuses."""
        merged = {**self.pod.spec.get("securityContext", {}), **self.spec.get("securityContext", {})}
        uid = merged.get("runAsUser", self.pod.images.find(self.spec["image"]).user)
        if merged.get("runAsNonRoot") and (not isinstance(uid, int) or uid == 0):
            raise Failed(f"container '{self.name}': runAsNonRoot, and the user is {uid}")
        if not isinstance(uid, int):
            uid = 1000
        groups = list(merged.get("supplementalGroups", []))
        if "fsGroup" in merged:
            groups.append(merged["fsGroup"])
        return uid, merged.get("runAsGroup", 0 if "runAsGroup" not in merged and uid == 0 else uid), groups

    def process_spec(self, argv, env):
        uid, gid, groups = self.user()
        return {"argv": argv, "env": env, "uid": uid, "gid": gid, "groups": groups,
                "cwd": self.spec.get("workingDir", "/"), "cgroups": self.cgroup.folders}

    def spec_of_run(self):
        env, values = self.environment()
        argv = [expand(a, values) for a in self.spec.get("command", []) + self.spec.get("args", [])]
        if not self.spec.get("command"):
            raise Unknown(f"container '{self.name}' has no command, and images here have no entry point")
        image = self.pod.images.find(self.spec["image"])
        mounts = self.pod.volumes.mounts(self.spec, lambda text: expand(text, values))
        files = [{"source": f"{self.pod.folder}/etc/{f}", "target": f"/etc/{f}", "read_only": False}
                 for f in ("hosts", "resolv.conf", "hostname")]
        scratch = f"{self.pod.folder}/{self.name}.{self.restarts}"
        os.makedirs(scratch, exist_ok=True)
        return {**self.process_spec(argv, env), "layers": image.layers, "machine": Image.machine(), "scratch": scratch,
                "mounts": files + mounts,
                "read_only_root": bool(self.spec.get("securityContext", {}).get("readOnlyRootFilesystem"))}

    # ---- its life --------------------------------------------------------------------------------------------------------

    def start(self):
        """Starts the process once; its pid is that of the first process in the new namespaces."""
        self.restarts += 1
        self.cgroup = Cgroup(f"{self.pod.uid}-{self.name}", self.spec.get("resources", {}).get("limits", {}))
        path = self.write_spec("run", self.spec_of_run())
        log = open(f"{self.pod.logs}/{self.pod.name}.{self.name}.log", "ab")
        log.write(f"---- start {self.restarts} of {self.pod.uid}\n".encode())
        log.flush()
        command = ["nsenter", "--target", str(self.pod.sandbox.pid), "--net", "--uts", "--ipc", "--",
                   *PYTHON, SHIM, "run", path]
        self.process = subprocess.Popen(command, stdin=subprocess.DEVNULL, stdout=log, stderr=log, start_new_session=True)
        log.close()
        self.pid = self.first_process()

    def first_process(self):
        children = f"/proc/{self.process.pid}/task/{self.process.pid}/children"
        while self.process.poll() is None:
            try:
                with open(children) as f:
                    pids = f.read().split()
                if pids:
                    return int(pids[0])
            except OSError:
                break
            time.sleep(0.01)
        return None

    def write_spec(self, name, spec):
        path = f"{self.pod.folder}/{self.name}.{name}.json"
        with open(path, "w") as f:
            json.dump(spec, f)
        return path

    def run_once(self):
        """An init container: True when it ended well."""
        self.start()
        while self.process.poll() is None:
            if self.stopping.wait(0.05):
                self.process.kill()
        self.ended()
        return self.exit_code == 0

    def keep_running(self, policy):
        """A main container until it is stopped: probes while it runs, back-off between restarts."""
        wait = 0
        while not self.stopping.is_set():
            self.stopping.wait(wait)
            if self.stopping.is_set():
                break
            begun = time.monotonic()
            if not self.try_start():
                wait = FIRST_BACKOFF
                continue
            if self.stopping.is_set():  # stopped while it was being made
                self.terminate(self.pod.grace)
            else:
                self.probe()
            self.process.wait()
            self.ended()
            if policy == "Never" or (policy == "OnFailure" and self.exit_code == 0):
                break
            long = time.monotonic() - begun > 600
            wait = 0 if long or wait == 0 and self.restarts == 0 else min(max(wait * 2, FIRST_BACKOFF), LAST_BACKOFF)
        self.finished = True

    def try_start(self):
        try:
            self.start()
            return True
        except Failed as e:
            self.pod.event(f"container {self.name} cannot be made: {e}")
            return False

    def ended(self):
        self.exit_code = self.process.returncode if self.process.returncode >= 0 else 128 - self.process.returncode
        for prober in self.probers:
            prober.stop()
        self.started, self.ready, self.pid = False, False, None
        reason = "out of memory, " if self.cgroup.killed() else "killed by its probe, " if self.killed_by_probe else ""
        if not self.stopping.is_set() and not (self.init and self.exit_code == 0):
            self.pod.event(f"container {self.name} ended: {reason}exit {self.exit_code}")
        self.killed_by_probe = False
        self.pod.store.wake()

    # ---- probes ----------------------------------------------------------------------------------------------------------

    def probe(self):
        specs = {kind: self.spec.get(f"{kind}Probe") for kind in ("startup", "readiness", "liveness")}
        self.probers = [Prober(self, kind, spec) for kind, spec in specs.items() if spec]
        if not specs["startup"]:
            self.set_started()
        for prober in self.probers:
            prober.start()

    def set_started(self):
        self.started = True
        if not self.spec.get("readinessProbe"):
            self.set_ready(True)
        for prober in self.probers:
            prober.now.set()

    def set_ready(self, value, why=""):
        if self.ready != value and not (value and self.stopping.is_set()):
            self.ready = value
            self.pod.event(f"container {self.name} is {'ready' if value else 'not ready'}{why}")
            self.pod.store.wake()

    def fail(self, why, grace=None):
        """What a failed startup or liveness probe does: stop it, and the restart policy starts it again."""
        self.pod.event(f"container {self.name}: {why}")
        self.killed_by_probe = True
        self.terminate(self.pod.grace if grace is None else grace)

    # ---- beside it -------------------------------------------------------------------------------------------------------

    def execute(self, command, timeout, name):
        """Runs a command in the container: (exit code, output); None when its time was over."""
        if self.pid is None:
            return 1, "not running"
        env, values = self.environment()
        path = self.write_spec(name, self.process_spec([expand(c, values) for c in command], env))
        process = subprocess.Popen([*PYTHON, SHIM, "exec", str(self.pid), path], stdin=subprocess.DEVNULL,
                                   stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True, start_new_session=True)
        try:
            out, _ = process.communicate(timeout=timeout)
            return process.returncode, out
        except subprocess.TimeoutExpired:
            process.kill()
            process.stdout.close()
            process.wait()
            return None, f"no answer in {timeout} s"

    # ---- its end ---------------------------------------------------------------------------------------------------------

    def terminate(self, grace):
        """preStop, SIGTERM, and SIGKILL when the grace period is over."""
        process, end = self.process, time.monotonic() + grace
        if process is None or process.poll() is not None:
            return
        hook = self.spec.get("lifecycle", {}).get("preStop")
        if hook:
            self.pre_stop(hook, grace)
        self.signal(signal.SIGTERM)
        try:
            process.wait(max(end - time.monotonic(), 2 if hook else 0))
        except subprocess.TimeoutExpired:
            self.pod.event(f"container {self.name} did not stop in {grace} s: SIGKILL")
            self.signal(signal.SIGKILL)
            process.wait()

    def pre_stop(self, hook, grace):
        if "exec" in hook:
            code, out = self.execute(hook["exec"]["command"], grace, "preStop")
            if code != 0:
                self.pod.event(f"preStop of {self.name} failed: {out.strip()[-200:]}")
        else:
            time.sleep(min(hook["sleep"]["seconds"], grace))

    def signal(self, number):
        try:
            if self.pid:
                os.kill(self.pid, number)
        except ProcessLookupError:
            pass

    def stop(self, grace):
        self.stopping.set()
        for prober in self.probers:
            if prober.kind != "readiness":
                prober.stop()
        self.terminate(grace)
