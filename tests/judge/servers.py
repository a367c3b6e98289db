"""servers.py: a real etcd and a real kube-apiserver on loopback, for as long as a `with` lasts.

Everything lives in a folder of its own that goes away at the end; so do both processes, also after Ctrl-C, and when this
program is killed outright (the kernel ends them with their parent).
"""
import base64
import ctypes
import http.client
import json
import os
import secrets
import shutil
import signal
import socket
import ssl
import subprocess
import tempfile
import threading
import time

HOST = "127.0.0.1"
READY_WITHIN = 180      # seconds; a loaded machine needs about twenty
STOPS_WITHIN = 10       # seconds after SIGTERM, then SIGKILL
PR_SET_PDEATHSIG = 1
LIBC = ctypes.CDLL(None)

# Not judged here: whether the ServiceAccounts, PriorityClasses and RuntimeClasses that a pod names exist. A dry run makes none.
WITHOUT_PLUGINS = "ServiceAccount,Priority,RuntimeClass"


class StartError(Exception):
    """A server did not come up; the text says which, and what it wrote last."""


def free_ports(count):
    """Different ports: all are held until the last one is found."""
    held = [socket.socket() for _ in range(count)]
    for s in held:
        s.bind((HOST, 0))
    ports = [s.getsockname()[1] for s in held]
    for s in held:
        s.close()
    return ports


def der(tag, *parts):
    """One DER element shorter than 128 bytes."""
    body = b"".join(parts)
    return bytes([tag, len(body)]) + body


def ec_private_key():
    """A fresh P-256 key as PEM (RFC 5915). The reader computes the public half."""
    curve = bytes.fromhex("06082a8648ce3d030107")                 # the object identifier of prime256v1
    number = b"\0" + secrets.token_bytes(31)                      # below the order of the curve
    key = der(0x30, der(0x02, b"\x01"), der(0x04, number), der(0xA0, curve))
    text = base64.encodebytes(key).decode()
    return f"-----BEGIN EC PRIVATE KEY-----\n{text}-----END EC PRIVATE KEY-----\n"


def write_private(path, text):
    with open(os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "w") as f:
        f.write(text)


def end_with_parent():
    LIBC.prctl(PR_SET_PDEATHSIG, signal.SIGKILL)


class Servers:
    """`bin` holds the two binaries, `under` is the folder in which the temporary one is made."""

    def __init__(self, bin, under):
        self.bin, self.under = os.path.abspath(bin), os.path.abspath(under)
        self.running = []
        self.token = secrets.token_hex(16)
        self.local = threading.local()

    def __enter__(self):
        self.dir = tempfile.mkdtemp(prefix="run-", dir=self.under)
        try:
            self.start_etcd()
            self.start_apiserver()
            self.wait_ready()
        except BaseException:
            self.stop()
            raise
        return self

    def __exit__(self, *_):
        self.stop()

    def file(self, name):
        return os.path.join(self.dir, name)

    def start(self, name, *options):
        with open(self.file(name + ".log"), "wb") as log:
            self.running.append((name, subprocess.Popen(
                [os.path.join(self.bin, name), *options], cwd=self.dir, stdin=subprocess.DEVNULL, stdout=log, stderr=log,
                start_new_session=True, preexec_fn=end_with_parent)))

    def start_etcd(self):
        client, peer = (f"http://{HOST}:{port}" for port in free_ports(2))
        self.etcd = client
        self.start("etcd", "--name=judge", f"--data-dir={self.file('data')}", "--unsafe-no-fsync",
                   f"--listen-client-urls={client}", f"--advertise-client-urls={client}",
                   f"--listen-peer-urls={peer}", f"--initial-advertise-peer-urls={peer}", f"--initial-cluster=judge={peer}")

    def start_apiserver(self):
        write_private(self.file("accounts.pem"), ec_private_key())
        write_private(self.file("tokens.csv"), f'{self.token},judge,judge,"system:masters"\n')
        self.port, = free_ports(1)
        self.start("kube-apiserver", f"--etcd-servers={self.etcd}", f"--bind-address={HOST}", f"--secure-port={self.port}",
                   f"--advertise-address={HOST}", "--endpoint-reconciler-type=none",
                   f"--cert-dir={self.file('cert')}",             # made by the server, self-signed
                   "--service-cluster-ip-range=10.96.0.0/16,fd00:96::/112",
                   "--service-account-issuer=https://judge.invalid",
                   f"--service-account-key-file={self.file('accounts.pem')}",
                   f"--service-account-signing-key-file={self.file('accounts.pem')}",
                   "--anonymous-auth=false", f"--token-auth-file={self.file('tokens.csv')}",
                   "--authorization-mode=AlwaysAllow", "--allow-privileged=true", "--enable-priority-and-fairness=false",
                   f"--disable-admission-plugins={WITHOUT_PLUGINS}", "--profiling=false")

    def tail(self, name, lines=12):
        with open(self.file(name + ".log"), errors="replace") as f:
            return "".join(f.readlines()[-lines:])

    def wait_ready(self):
        end = time.monotonic() + READY_WITHIN
        while time.monotonic() < end:
            for name, process in self.running:
                if process.poll() is not None:
                    raise StartError(f"{name} ended with status {process.returncode}:\n{self.tail(name)}")
            if self.is_ready():
                return
            time.sleep(0.25)
        raise StartError(f"kube-apiserver was not ready after {READY_WITHIN} s:\n{self.tail('kube-apiserver')}")

    def is_ready(self):
        """Ready also to give a Service its address, which /readyz does not wait for."""
        try:
            if self.ask("GET", "/readyz")[0] != 200:
                return False
            status, cidr, _ = self.ask("GET", "/apis/networking.k8s.io/v1/servicecidrs/kubernetes")
        except (OSError, http.client.HTTPException):
            return False
        return status == 200 and any(c["type"] == "Ready" and c["status"] == "True"
                                     for c in (cidr.get("status") or {}).get("conditions") or [])

    def connection(self):
        """One connection a thread, kept open."""
        if getattr(self.local, "connection", None) is None:
            trust = ssl.create_default_context(cafile=self.file("cert/apiserver.crt"))
            self.local.connection = http.client.HTTPSConnection(HOST, self.port, context=trust, timeout=60)
        return self.local.connection

    def ask(self, method, path, body=None, content="application/json"):
        """Returns the status, what the answer says (a Kubernetes object, or text), and the texts of its warnings."""
        connection = self.connection()
        headers = {"Authorization": "Bearer " + self.token, "Accept": "application/json", "Content-Type": content}
        try:
            connection.request(method, path, body, headers)
            answer = connection.getresponse()
            data = answer.read()
        except (OSError, http.client.HTTPException):
            self.local.connection = None
            raise
        is_json = answer.headers.get_content_type() == "application/json"
        return answer.status, json.loads(data) if is_json else data.decode(), [
            warning_text(w) for w in answer.headers.get_all("Warning", [])]

    def stop(self):
        """The server before its store, and then everything they wrote."""
        for _, process in reversed(self.running):
            process.terminate()
            try:
                process.wait(STOPS_WITHIN)
            except subprocess.TimeoutExpired:
                process.kill()
                process.wait()
        self.running = []
        shutil.rmtree(self.dir, ignore_errors=True)


def warning_text(header):
    """299 - "text with \\"quotes\\"" (RFC 7234, 5.5) without its frame."""
    text = header.split(" ", 2)[-1].strip()
    if len(text) >= 2 and text[0] == text[-1] == '"':
        text = text[1:-1]
    return text.replace('\\"', '"').replace("\\\\", "\\")
