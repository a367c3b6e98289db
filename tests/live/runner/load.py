"""Clients: the load tool (../java/Live.java) and kcat, in the network of a pod or outside the cluster."""
import json
import os
import subprocess
import threading

from . import network, software
from .system import PYTHON, HERE, Failed

SHIM = os.path.join(HERE, "shim.py")


def entered(folder, name, pid, argv, resolver, hosts="127.0.0.1\tlocalhost\n"):
    """The command that runs `argv` in the network of process `pid`, with a resolver of its own."""
    files = {"resolv.conf": resolver, "hosts": hosts, "nsswitch.conf": "hosts: files dns\n"}
    binds = []
    for file, text in files.items():
        path = f"{folder}/{name}.{file}"
        with open(path, "w") as f:
            f.write(text)
        if os.path.exists(f"/etc/{file}"):
            binds.append([path, f"/etc/{file}"])
    spec = f"{folder}/{name}.client.json"
    with open(spec, "w") as f:
        json.dump({"argv": argv, "binds": binds, "env": {}}, f)
    return [*PYTHON, SHIM, "client", str(pid), spec]


def connects(world, pod, host, port, seconds=3):
    """What comes of a connection from a pod: open, refused, silent, or nameless (DNS does not know the host)."""
    script = ("import socket, sys\n"
              "try: at = socket.gethostbyname(sys.argv[1])\n"
              "except OSError: sys.exit('nameless')\n"
              "try: socket.create_connection((at, int(sys.argv[2])), float(sys.argv[3]))\n"
              "except ConnectionRefusedError: sys.exit('refused')\n"
              "except OSError: sys.exit('silent')\n"
              "sys.exit('open')\n")
    command = entered(world.folder, f"connect-{pod.name}", pod.sandbox.pid, [*PYTHON, "-c", script, host, port, str(seconds)],
                      network.resolv_conf(pod.namespace))
    return subprocess.run(command, text=True, capture_output=True, timeout=60).stderr.strip()


class Client:
    """A running load tool. ask() sends one command and returns its answer as a dict; several may be under way."""

    def __init__(self, world, name, pid, resolver):
        java = ["java", "-Xmx512m", "-XX:TieredStopAtLevel=1", "-cp", software.client_classes(), "Live"]
        self.name, self.lock, self.serial, self.waiting = name, threading.Lock(), 0, {}
        log = open(f"{world.folder}/logs/{name}.log", "ab")
        self.process = subprocess.Popen(entered(world.folder, name, pid, java, resolver), stdin=subprocess.PIPE,
                                        stdout=subprocess.PIPE, stderr=log, text=True)
        threading.Thread(target=self.read, daemon=True).start()

    def read(self):
        for line in self.process.stdout:
            number, _, rest = line.strip().partition(" ")
            if number in self.waiting:
                done, answer = self.waiting[number]
                answer.append(rest)
                done.set()
        for done, _ in list(self.waiting.values()):
            done.set()

    def ask(self, *words, timeout=300):
        """Answers are `ok key=value ...` or `error text`."""
        with self.lock:
            self.serial += 1
            number = str(self.serial)
            done, answer = self.waiting[number] = threading.Event(), []
            self.process.stdin.write(" ".join([number, *map(str, words)]) + "\n")
            self.process.stdin.flush()
        done.wait(timeout)
        del self.waiting[number]
        if not answer or not answer[0].startswith("ok"):
            raise Failed(f"{self.name}: {' '.join(map(str, words))}: {answer[0] if answer else 'no answer'}")
        return dict(pair.split("=", 1) for pair in answer[0].split()[1:])

    def stop(self):
        self.process.kill()
        self.process.wait()


def inside(world, pod):
    return Client(world, "client-inside", pod.sandbox.pid, network.resolv_conf(pod.namespace))


def outside(world):
    return Client(world, "client-outside", world.outside.pid, f"nameserver {network.OUTSIDE_DNS}\n")


def kcat(world, name, pid, resolver, *arguments, stdin=None, timeout=60):
    """Runs kcat to its end and returns what it printed."""
    command = entered(world.folder, name, pid, ["kcat", *arguments], resolver)
    try:
        done = subprocess.run(command, input=stdin, text=True, capture_output=True, timeout=timeout)
    except subprocess.TimeoutExpired:
        raise Failed(f"kcat {' '.join(arguments)}: no answer in {timeout} s") from None
    if done.returncode != 0:
        raise Failed(f"kcat {' '.join(arguments)}: {done.stderr.strip()[-300:]}")
    return done.stdout
