"""Probes by their definitions: period, timeout, thresholds; startup holds the others back, liveness restarts."""
import http.client
import socket
import threading
import time

from .objects import Unknown


class Prober(threading.Thread):
    """One probe of one start of a container."""

    def __init__(self, container, kind, spec):
        super().__init__(daemon=True)
        self.container, self.kind, self.spec = container, kind, spec
        self.done, self.now = threading.Event(), threading.Event()
        self.period = spec.get("periodSeconds", 10)
        self.timeout = spec.get("timeoutSeconds", 1)
        self.wanted = {True: spec.get("successThreshold", 1), False: spec.get("failureThreshold", 3)}

    def stop(self):
        self.done.set()
        self.now.set()

    def run(self):
        if self.done.wait(self.spec.get("initialDelaySeconds", 0)):
            return
        last, count = None, 0
        while not self.done.is_set():
            begun = time.monotonic()
            if self.kind == "startup" or self.container.started:
                good, why = self.try_once()
                if self.done.is_set():
                    return
                count = count + 1 if good == last else 1
                last = good
                if count >= self.wanted[good] and self.act(good, why):
                    return
            self.sleep(self.period - (time.monotonic() - begun))

    def sleep(self, seconds):
        """Until the next tick; when the startup probe succeeds, the others look at once."""
        self.now.wait(max(seconds, 0))
        if not self.done.is_set():
            self.now.clear()

    def act(self, good, why):
        """Returns whether this probe has ended."""
        c = self.container
        if self.kind == "readiness":
            c.set_ready(good, "" if good else f" ({why})")
        elif self.kind == "startup" and good:
            c.set_started()
            return True
        elif not good:
            threading.Thread(target=c.fail, daemon=True,
                             args=(f"{self.kind} probe failed: {why}", self.spec.get("terminationGracePeriodSeconds"))).start()
            return True
        return False

    def try_once(self):
        """(success, why not)."""
        try:
            if "exec" in self.spec:
                code, out = self.container.execute(self.spec["exec"]["command"], self.timeout, self.kind)
                return code == 0, f"exit {code}: {out.strip()[-200:]}"
            if "tcpSocket" in self.spec:
                with socket.create_connection(self.address("tcpSocket"), self.timeout):
                    return True, ""
            return self.get()
        except OSError as e:
            return False, str(e)

    def get(self):
        connection = http.client.HTTPConnection(*self.address("httpGet"), timeout=self.timeout)
        try:
            connection.request("GET", self.spec["httpGet"].get("path", "/"))
            status = connection.getresponse().status
            return 200 <= status < 400, f"status {status}"
        finally:
            connection.close()

    def address(self, kind):
        pod, where = self.container.pod, self.spec[kind]
        port = where["port"] if isinstance(where["port"], int) else pod.port_named(where["port"])
        if port is None:
            raise Unknown(f"port {where['port']}")
        return where.get("host", pod.ip), port
