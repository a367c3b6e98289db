#!/usr/bin/env python3
"""judge.py BINARIES [FILE...]: a real API server's word on manifests (README.md here).

Sends every object of the files (default: golden/*/expect.yaml) to kube-apiserver as dry runs with strict field validation:
once created, once applied by the server; of a StatefulSet also the last pod, and that pod's claims. A refusal or a warning
fails the object. BINARIES is the folder of kube-apiserver and etcd.
"""
import collections
import concurrent.futures
import copy
import glob
import json
import os
import re
import signal
import sys
import threading
import time
from urllib.parse import quote

import yaml

import crds
import servers

LOADER = getattr(yaml, "CSafeLoader", yaml.SafeLoader)
DRY = "dryRun=All&fieldValidation=Strict"
SHARED = os.environ.get("GREGOR_SHARED", "../shared")
THREADS = 4
NAMESPACE_LABELS = {f"pod-security.kubernetes.io/{do}": "restricted" for do in ("warn", "audit")}


class Item:
    """One object to judge. `body` is its text as it was emitted, or JSON for what a controller would make of it."""

    def __init__(self, case, obj, body, maker=""):
        self.case, self.obj, self.body, self.maker = case, obj, body, maker
        self.kind = obj["kind"]
        self.group = obj["apiVersion"].rpartition("/")[0]
        self.name = obj["metadata"]["name"]
        self.namespace = obj["metadata"].get("namespace", "default")

    def label(self):
        return f"{self.case}: {self.kind}/{self.name}{self.maker}"


# ---- reading ---------------------------------------------------------------------------------------------------------

def case_name(path):
    return os.path.basename(os.path.dirname(path)) if os.path.basename(path) == "expect.yaml" else path


def target_minor(path):
    """The minor that the description beside the file asks for, or 0 where it names none."""
    try:
        with open(os.path.join(os.path.dirname(path), "input.yaml")) as f:
            found = re.search(r'^kubernetes:\s*"?1\.(\d+)', f.read(), re.M)
    except FileNotFoundError:
        found = None
    return int(found[1]) if found else 0


def read_items(path):
    with open(path) as f:
        text = f.read()
    for document in re.split(r"^---[ \t]*$", text, flags=re.M):   # a line of a value never starts in the first column
        obj = yaml.load(document, LOADER)
        if obj is not None:
            item = Item(case_name(path), obj, document)
            yield item
            if item.kind == "StatefulSet":
                yield from made_by_controller(item)


def made_by_controller(item):
    """The last pod of a StatefulSet and its claims, with the labels and names that the controller gives them."""
    spec = item.obj["spec"]
    ordinal = spec.get("ordinals", {}).get("start", 0) + max(spec.get("replicas", 1), 1) - 1
    name, of = f"{item.name}-{ordinal}", f" (of StatefulSet/{item.name})"
    pod = copy.deepcopy(spec["template"])
    pod.update(apiVersion="v1", kind="Pod")
    meta = pod.setdefault("metadata", {})
    meta.update(name=name, namespace=item.namespace)
    meta.setdefault("labels", {}).update({
        "statefulset.kubernetes.io/pod-name": name, "apps.kubernetes.io/pod-index": str(ordinal),
        "controller-revision-hash": f"{item.name}-6d4f8b9c77"})
    claims = spec.get("volumeClaimTemplates", [])
    claimed = {c["metadata"]["name"] for c in claims}
    pod["spec"].update(hostname=name, subdomain=spec.get("serviceName", ""))
    pod["spec"]["volumes"] = [v for v in pod["spec"].get("volumes", []) if v["name"] not in claimed] + [
        {"name": c, "persistentVolumeClaim": {"claimName": f"{c}-{name}"}} for c in sorted(claimed)]
    yield Item(item.case, pod, json.dumps(pod), of)
    for template in claims:
        claim = copy.deepcopy(template)
        claim.update(apiVersion="v1", kind="PersistentVolumeClaim")
        claim["metadata"].update(name=f"{template['metadata']['name']}-{name}", namespace=item.namespace)
        claim["metadata"].setdefault("labels", {}).update(spec["selector"]["matchLabels"])
        yield Item(item.case, claim, json.dumps(claim), of)


def read_cases(paths, minor):
    """Returns the items to judge and the names of the cases that are for a newer Kubernetes than the server."""
    items, newer = [], []
    for path in paths:
        if target_minor(path) > minor:
            newer.append(case_name(path))
        else:
            items += read_items(path)
    return items, newer


def unlike(sent, stored, path=""):
    """What the server keeps in another form than it was sent: tools that compare both would never be content."""
    if isinstance(sent, dict) and isinstance(stored, dict):
        for key in sent:
            yield from unlike(sent[key], stored[key], f"{path}.{key}") if key in stored else [f"{path}.{key} is gone"]
    elif isinstance(sent, list) and isinstance(stored, list) and len(sent) == len(stored):
        for i, (a, b) in enumerate(zip(sent, stored)):
            yield from unlike(a, b, f"{path}[{i}]")
    elif sent != stored or type(sent) is not type(stored):
        yield f"{path}: {sent!r} becomes {stored!r}"


# ---- judging ---------------------------------------------------------------------------------------------------------

class Court:
    """Knows the paths of the kinds, and collects what the server says."""

    def __init__(self, server):
        self.server = server
        self.resources = {}
        self.lock = threading.Lock()
        self.built_in = {""} | {g["name"] for g in server.ask("GET", "/apis")[1]["groups"]}
        self.findings = []
        self.passed = self.failed = 0

    def resource(self, api):
        """{kind: resource} of an apiVersion; empty where the server does not have it."""
        with self.lock:
            if api not in self.resources:
                status, found, _ = self.server.ask("GET", f"/apis/{api}" if "/" in api else f"/api/{api}")
                self.resources[api] = {r["kind"]: r for r in found["resources"] if "/" not in r["name"]} if status == 200 else {}
            return self.resources[api]

    def path(self, item):
        api = item.obj["apiVersion"]
        resource = self.resource(api).get(item.kind)
        if resource is None:
            return None
        place = f"/namespaces/{quote(item.namespace, safe='')}" if resource["namespaced"] else ""
        return ("/apis/" if "/" in api else "/api/") + f"{api}{place}/{resource['name']}"

    def judge(self, item):
        path = self.path(item)
        if path is None:
            found = [f"refused: no {item.obj['apiVersion']} {item.kind} in this version of Kubernetes"]
        else:
            found = self.create(path, item)
            if not item.maker and not any(line.startswith("refused") for line in found):
                found += self.apply(path, item)
        with self.lock:
            self.failed += bool(found)
            self.passed += not found
            self.findings += [f"{item.label()}: {line}" for line in dict.fromkeys(found)]

    def create(self, path, item):
        content = "application/json" if item.maker else "application/yaml"
        answered = self.server.ask("POST", f"{path}?{DRY}", item.body.encode(), content)
        found = self.verdict("create", answered)
        if not found and not item.maker:
            found = [f"out of sync for ever: {line}" for line in unlike(item.obj, answered[1])
                     if not (item.case.startswith("hook-") and line.endswith("is gone"))]  # what a site's Lua leaves empty
        return found

    def apply(self, path, item):
        path = f"{path}/{quote(item.name, safe='')}?{DRY}&fieldManager=judge"
        return self.verdict("apply", self.server.ask("PATCH", path, item.body.encode(), "application/apply-patch+yaml"))

    def verdict(self, verb, answered):
        status, answer, warnings = answered
        found = ["warning: " + w for w in warnings]
        if status not in (200, 201):
            says = answer.get("message") if isinstance(answer, dict) else answer
            found.append(f"refused ({verb}, {status}): " + " ".join(str(says).split()))
        return found

    def judge_all(self, items):
        with concurrent.futures.ThreadPoolExecutor(THREADS) as pool:
            for done in [pool.submit(self.judge, item) for item in items]:
                done.result()


def make_namespaces(server, items):
    """What leaves must run in a namespace that asks for the restricted Pod Security Standard."""
    for name in sorted({item.namespace for item in items}):
        body = {"apiVersion": "v1", "kind": "Namespace", "metadata": {"name": name, "labels": NAMESPACE_LABELS}}
        status, answer, _ = server.ask("POST", "/api/v1/namespaces", json.dumps(body))
        if status == 409:
            status, answer, _ = server.ask("PATCH", f"/api/v1/namespaces/{name}", json.dumps(body),
                                           "application/merge-patch+json")
        if status not in (200, 201):
            raise ValueError(f"namespace {name}: {answer['message']}")


def hold(server, paths):
    """Judges the files. Returns the court with what it found, and notes on what was left out."""
    version = server.ask("GET", "/version")[1]
    items, newer = read_cases(paths, int(re.match(r"\d+", version["minor"])[0]))
    court = Court(server)
    custom = {(i.group, i.kind) for i in items if i.group not in court.built_in}
    crds.create(server, os.path.join(SHARED, "data", "crd"), custom)
    unknown = [i for i in items if i.group not in court.built_in and court.path(i) is None]
    judged = [i for i in items if i not in set(unknown)]
    # Namespaces first: once they stand, nobody can create them.
    court.judge_all([i for i in judged if i.kind == "Namespace"])
    make_namespaces(server, judged)
    court.judge_all([i for i in judged if i.kind != "Namespace"])
    derived = sum(bool(i.maker) for i in judged)
    notes = [f"note: Kubernetes {version['gitVersion']}: {len(judged) - derived} objects of {len(paths) - len(newer)} files, "
             f"{derived} pods and claims of their StatefulSets"]
    if newer:
        notes.append(f"note: {len(newer)} cases left out, they are for a newer Kubernetes: {', '.join(newer)}")
    for (kind, api), count in sorted(collections.Counter((i.kind, i.obj["apiVersion"]) for i in unknown).items()):
        notes.append(f"note: {count} objects left out, there is no schema of {api} {kind} in {SHARED}/data/crd")
    return court, notes


def interrupted(number, _):
    raise KeyboardInterrupt


def main(words):
    if not words:
        print("usage: judge.py BINARIES [FILE...]", file=sys.stderr)
        return 2
    paths = words[1:] or sorted(glob.glob("golden/*/expect.yaml"))
    signal.signal(signal.SIGTERM, interrupted)
    start = time.monotonic()
    try:
        with servers.Servers(words[0], words[0]) as server:
            ready = time.monotonic()
            court, notes = hold(server, paths)
    except (servers.StartError, ValueError) as e:
        print(e, file=sys.stderr)
        return 3
    except KeyboardInterrupt:
        print("interrupted; everything is stopped", file=sys.stderr)
        return 130
    print("\n".join(sorted(court.findings) + notes))
    print(f"note: {ready - start:.0f} s until the server was ready, {time.monotonic() - ready:.0f} s of judging")
    print(f"{court.passed} passed, {court.failed} failed")
    return 1 if court.failed or not court.passed else 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
