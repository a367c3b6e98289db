"""Monitoring: scrapes what the monitors select, and has Prometheus evaluate every rule on it."""
import http.server
import json
import re
import shutil
import subprocess
import threading
import time
import urllib.error
import urllib.parse
import urllib.request

import yaml

from .objects import matches
from .system import Failed, quantity, run, wait_until

ADDRESS, KUBELET = "127.0.0.1:9099", ("127.0.0.1", 10255)


def targets(world):
    """[(pod, container, port, path)]: what the PodMonitors and ServiceMonitors in the store select."""
    found = []
    for monitor in world.store.of("PodMonitor"):
        for pod in world.store.live_pods():
            if matches(monitor["spec"]["selector"], pod.labels):
                for end in monitor["spec"]["podMetricsEndpoints"]:
                    found.append((pod, pod.containers[0].name, pod.port_named(end["port"]), end.get("path", "/metrics")))
    return found


def scrape(scenario, contains):
    """Every target answers; one of its metrics starts with each text in `contains`."""
    ends = targets(scenario.world)
    scenario.expect(ends, "no monitor selects a pod")
    for pod, _, port, path in ends:
        try:
            with urllib.request.urlopen(f"http://{pod.ip}:{port}{path}", timeout=20) as answer:
                lines = answer.read().decode().splitlines()
        except OSError as e:
            scenario.problem(f"{pod.name}:{port}{path}: {e}")
            continue
        names = {line.split("{")[0].split(" ")[0] for line in lines if not line.startswith("#")}
        scenario.world.event(f"{pod.name}: {len(lines)} lines, {len(names)} metrics")
        for text in contains:
            scenario.expect(any(n.startswith(text) for n in names), f"{pod.name}: no metric starts with {text}")


def configuration(world, folder):
    """prometheus.yaml and rules.yaml as the Prometheus operator would make them, with a short interval."""
    static = [{"targets": [f"{pod.ip}:{port}"], "labels": {"namespace": pod.namespace, "pod": pod.name, "container": container,
                                                           "__metrics_path__": path}}
              for pod, container, port, path in targets(world)]
    groups = [g for rule in world.store.of("PrometheusRule") for g in rule["spec"]["groups"]]
    for group in groups:
        group["interval"] = "2s"
    with open(f"{folder}/rules.yaml", "w") as f:
        yaml.safe_dump({"groups": groups}, f)
    with open(f"{folder}/prometheus.yaml", "w") as f:
        yaml.safe_dump({"global": {"scrape_interval": "3s", "scrape_timeout": "3s"}, "rule_files": [f"{folder}/rules.yaml"],
                        "scrape_configs": [
                            {"job_name": "pods", "honor_labels": True, "static_configs": static},
                            {"job_name": "kubelet", "honor_labels": True,
                             "static_configs": [{"targets": ["%s:%d" % KUBELET]}]}]}, f)
    return [r for g in groups for r in g["rules"]]


def volume_stats(world):
    """What kubelet says of the claims: as large as they were asked for, filled by what is in the folder."""
    lines = []
    for obj in world.store.of("StatefulSet"):
        sizes = {c["metadata"]["name"]: quantity(c["spec"]["resources"]["requests"]["storage"])
                 for c in obj["spec"].get("volumeClaimTemplates", [])}
        for pod in [p for p in world.store.live_pods() if p.owner[2] == obj["metadata"]["name"]]:
            for volume, size in sizes.items():
                claim = f"{volume}-{pod.name}"
                used = int(run("du", "-sb", f"{world.folder}/claims/{pod.namespace}/{claim}", check=False).split("\t")[0] or 0)
                labels = f'{{namespace="{pod.namespace}",persistentvolumeclaim="{claim}"}}'
                lines += [f"kubelet_volume_stats_capacity_bytes{labels} {size:.0f}",
                          f"kubelet_volume_stats_used_bytes{labels} {used}",
                          f"kubelet_volume_stats_available_bytes{labels} {size - used:.0f}"]
    return "\n".join(lines) + "\n"


def serve_kubelet(world):
    """kubelet's metrics on the node."""
    class Handler(http.server.BaseHTTPRequestHandler):
        def do_GET(self):
            self.send_response(200)
            self.send_header("Content-Type", "text/plain; version=0.0.4")
            self.end_headers()
            self.wfile.write(volume_stats(world).encode())

        def log_message(self, *_):
            pass
    server = http.server.ThreadingHTTPServer(KUBELET, Handler)
    threading.Thread(target=server.serve_forever, daemon=True).start()


def query(path, **arguments):
    url = f"http://{ADDRESS}/api/v1/{path}?{urllib.parse.urlencode(arguments)}"
    try:
        with urllib.request.urlopen(url, timeout=10) as answer:
            return json.load(answer)["data"]
    except urllib.error.HTTPError as e:
        raise Failed(f"{arguments}: {e.read().decode()[:300]}") from None


def is_up():
    try:
        data = query("query", query="up")
        return data["result"] and all(r["value"][1] == "1" for r in data["result"])
    except (OSError, Failed):
        return False


def rules(scenario):
    """Every rule evaluates without an error, and every metric that it names is there."""
    world = scenario.world
    if shutil.which("prometheus") is None:
        world.event("rules are not evaluated: there is no prometheus")
        return
    wanted = configuration(world, world.folder)
    scenario.expect(wanted, "there are no rules")
    serve_kubelet(world)
    log = open(f"{world.folder}/logs/prometheus.log", "w")
    server = subprocess.Popen(["prometheus", f"--config.file={world.folder}/prometheus.yaml", f"--web.listen-address={ADDRESS}",
                               f"--storage.tsdb.path={world.folder}/prometheus"], stdout=log, stderr=log)
    try:
        wait_until(is_up, 90, "not every target is up", 1)
        time.sleep(12)
        look(scenario, wanted)
    finally:
        server.terminate()
        server.wait()


def look(scenario, wanted):
    states = {r["name"]: r for g in query("rules")["groups"] for r in g["rules"]}
    for rule in wanted:
        name = rule.get("alert") or rule["record"]
        state = states.get(name, {"health": "not there"})
        scenario.expect(state["health"] == "ok", f"rule {name}: {state['health']} {state.get('lastError', '')}")
        for metric in sorted(set(re.findall(r"\b([a-z_][a-z0-9_]*)\{", rule["expr"]))):
            series = re.search(metric + r"\{[^}]*\}", rule["expr"]).group(0)
            scenario.expect(query("query", query=f"count({series})")["result"], f"rule {name}: no series {series}")
    firing = [r["name"] for r in states.values() if r.get("state") == "firing"]
    scenario.world.event(f"{len(wanted)} rules evaluated; firing: {firing or 'none'}")
    scenario.expect(not firing, f"rules fire on a healthy cluster: {firing}")
