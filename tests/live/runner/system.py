"""Small pieces of Linux: commands, namespaces, cgroups, quantities."""
import os
import subprocess
import sys
import time

HERE = os.path.dirname(os.path.abspath(__file__))
LIVE = os.path.dirname(HERE)
ROOT = os.path.dirname(os.path.dirname(LIVE))
BUILD = os.environ.get("LIVE_BUILD") or os.path.join(ROOT, "build", "live")
PYTHON = [sys.executable, "-I", "-S"]


class Failed(Exception):
    """A scenario cannot go on, or did not do what it must."""


def run(*command, stdin=None, check=True):
    """Runs a command and returns its output; a failing one is an error that quotes it."""
    done = subprocess.run(command, input=stdin, text=True, capture_output=True)
    if check and done.returncode != 0:
        raise Failed(f"{' '.join(command)}: {done.stderr.strip() or done.returncode}")
    return done.stdout


def wait_until(condition, seconds, what, step=0.1):
    """Polls until condition() is true; raises Failed with `what` when the time is over."""
    end = time.monotonic() + seconds
    while not condition():
        if time.monotonic() > end:
            raise Failed(f"{what() if callable(what) else what} (waited {seconds:g} s)")
        time.sleep(step)


def quantity(text):
    """A Kubernetes quantity as a number: 500m, 2Gi, 1.5, 10M."""
    units = {"m": 1e-3, "k": 1e3, "M": 1e6, "G": 1e9, "T": 1e12, "Ki": 2**10, "Mi": 2**20, "Gi": 2**30, "Ti": 2**40}
    text = str(text)
    for length in (2, 1):
        if text[-length:] in units:
            return float(text[:-length]) * units[text[-length:]]
    return float(text)


class Cgroup:
    """A control group for one container: version 1 or 2, whichever the machine has; none: limits are not enforced."""

    def __init__(self, name, limits):
        self.folders = []
        memory, cpu = limits.get("memory"), limits.get("cpu")
        if memory:
            self.make("memory", name, {"memory.limit_in_bytes": int(quantity(memory)), "memory.max": int(quantity(memory))})
        if cpu:
            quota = int(quantity(cpu) * 100000)
            self.make("cpu", name, {"cpu.cfs_quota_us": quota, "cpu.max": f"{quota} 100000"})

    def make(self, controller, name, settings):
        base = "/sys/fs/cgroup"
        if os.path.isdir(f"{base}/{controller}"):
            base += f"/{controller}"
        elif not os.path.exists(f"{base}/cgroup.controllers"):
            return
        top = f"{base}/gregor-live"
        parent = f"{top}/{os.environ.get('LIVE_SCENARIO', 'one')}"
        folder = f"{parent}/{name}"
        try:
            os.makedirs(folder, exist_ok=True)
            if os.path.exists(f"{base}/cgroup.subtree_control"):
                for at in (base, top, parent):
                    write(f"{at}/cgroup.subtree_control", f"+{controller}")
            for key, value in settings.items():
                if os.path.exists(f"{folder}/{key}"):
                    write(f"{folder}/{key}", value)
            self.folders.append(folder)
        except OSError:
            return

    def killed(self):
        """How many processes the kernel killed for want of memory."""
        for folder in self.folders:
            for name in ("memory.oom_control", "memory.events"):
                try:
                    with open(f"{folder}/{name}") as f:
                        counts = dict(line.split() for line in f)
                    return int(counts.get("oom_kill", 0))
                except (OSError, ValueError):
                    pass
        return 0

    def remove(self):
        for folder in self.folders:
            try:
                os.rmdir(folder)
            except OSError:
                pass


def write(path, value):
    with open(path, "w") as f:
        f.write(str(value))


def remove_cgroups(scenario=""):
    """Removes what a run left (of all scenarios: ""), once its processes are gone: control groups are the one thing that outlives it."""
    tops = [f"/sys/fs/cgroup{base}/gregor-live/{scenario}".rstrip("/") for base in ("/memory", "/cpu", "")]
    for _ in range(30):
        for folder in [f for top in tops for f, _, _ in os.walk(top, topdown=False)]:
            try:
                os.rmdir(folder)
            except OSError:
                pass
        if not any(os.path.isdir(top) for top in tops):
            return
        time.sleep(0.1)
