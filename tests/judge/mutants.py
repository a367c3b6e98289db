#!/usr/bin/env python3
"""mutants.py BINARIES VERDICT [HOW_MANY]: where gregor and a real API server differ on broken objects (README.md here).

Breaks the objects of mutants.yaml one value at a time, and adds to them what mutants_added.txt says; asks VERDICT (verdict.c)
and kube-apiserver about each. What the server refuses and gregor takes is a hole: it fails the run unless
mutants_allowed.yaml says why it may stay. A fixed seed picks the HOW_MANY (default 4000) that are asked about; 0 is all.
"""
import collections
import concurrent.futures
import copy
import http.client
import json
import os
import random
import re
import subprocess
import sys
from urllib.parse import quote

import yaml

import crds
import judge
import servers

HERE = os.path.dirname(os.path.abspath(__file__))
SEED = 20

TEXTS = ["", "a b", "UPPER", "a_b", "-a", "a/b", ".", "..", "../x", "a..b", "/abs", "x" * 64, "x" * 260, "1", "0.5", "-1", "1e3",
         "10.0.0.300", "300x", "5s", "\u00e9", "a\n", " a", "a,b", "$(X", "100%", "metadata.foo", "*", "1.2.3.4"]
NUMBERS = [-1, 0, 1, 65536, 2**31, 2**53, 1.5, 512, 4096]
KEYS = ["a b", "-x", "x" * 64, "a/b/c", "UP", "", "a_b", "..", "..x", "A=b"]
GONE = object()


# ---- breaking --------------------------------------------------------------------------------------------------------

def places(value, path=()):
    yield path, value
    inner = value.items() if isinstance(value, dict) else enumerate(value) if isinstance(value, list) else ()
    for key, v in inner:
        yield from places(v, path + (key,))


def broken(value):
    """What may stand where `value` stands, each with a word for it."""
    yield "gone", GONE
    yield "null", None
    if isinstance(value, dict):
        yield from (("unknown", {**value, "zzUnknown": "x"}), ("empty", {}), ("list", []), ("text", "x"))
        yield from (("key " + key[:12], {**value, key: "v"}) for key in KEYS)
    elif isinstance(value, list):
        yield from (("empty", []), ("map", {}), ("text", "x"))
        if value:
            yield "twice", value + value[:1]
    elif isinstance(value, bool):
        yield from (("not", not value), ("text", "true"), ("number", 1))
    elif isinstance(value, int):
        yield from ((str(n), n) for n in NUMBERS)
        yield from (("quoted", str(value)), ("text", "x"))
    else:
        yield from ((text[:12], text) for text in TEXTS)
        yield from (("number", 5), ("true", True), ("longer", str(value) + "x"), ("map", {}))


def replaced(obj, path, value):
    obj = copy.deepcopy(obj)
    holder = obj
    for key in path[:-1]:
        holder = holder[key]
    if value is GONE:
        del holder[path[-1]]
    else:
        holder[path[-1]] = copy.deepcopy(value)
    return obj


def shown(path):
    return ".".join("[]" if isinstance(key, int) else key for key in path)


def mutants(objects):
    """(kind, path, what was done, object); places of one shape once."""
    seen = set()
    for obj in objects:
        for path, value in places(obj):
            if not path or path[0] in ("apiVersion", "kind") or path == ("metadata", "namespace"):
                continue
            keys = tuple(sorted(value)) if isinstance(value, dict) and len(value) < 6 else ""
            shape = (obj["kind"], shown(path), type(value).__name__, keys)
            if shape not in seen:
                seen.add(shape)
                yield from ((obj["kind"], shown(path), how, replaced(obj, path, v)) for how, v in broken(value))


def additions(objects, lines):
    for line in lines:
        if line.startswith("#"):
            continue
        target, path, text = line.rstrip("\n").split(" ", 2)
        kind, _, name = target.partition("/")
        obj = copy.deepcopy(next(o for o in objects if o["kind"] == kind and name in ("", o["metadata"]["name"])))
        holder = obj
        for key in path.split("/") if path != "." else ():
            holder = holder[int(key) if key.isdigit() else key]
        holder.update(json.loads(text))
        yield kind, path.replace("/", "."), text, obj


# ---- asking ----------------------------------------------------------------------------------------------------------

def gregors_word(verdict, minor, texts):
    done = subprocess.run([verdict, str(minor)], input="\n".join(texts) + "\n", text=True, stdout=subprocess.PIPE, check=True)
    words = done.stdout.rstrip("\n").split("\n")
    assert len(words) == len(texts), "verdict must answer each line"
    return [None if word == "ok" else word for word in words]


def servers_word(court, mutant):
    """None when the server takes it, else what it says."""
    obj = mutant[3]
    try:
        item = judge.Item("mutant", obj, json.dumps(obj))
        item.namespace = "default"
        path = court.path(item)
    except (KeyError, AttributeError, TypeError):
        return "is no object"
    for ask in (("POST", f"{path}?{judge.DRY}", "application/json"),
                ("PATCH", f"{path}/{quote(str(item.name), safe='')}?{judge.DRY}&fieldManager=mutants",
                 "application/apply-patch+yaml")):
        if ask[0] == "PATCH" and not item.name:
            continue
        try:
            status, answer, _ = court.server.ask(ask[0], ask[1], item.body.encode(), ask[2])
        except (OSError, http.client.HTTPException):
            return "gave no answer"     # some of its rules fail on what others have let through
        if status not in (200, 201):
            return " ".join(str(answer.get("message") if isinstance(answer, dict) else answer).split())
    return None


def allowed(rules, mutant, says):
    return next((rule for rule in rules if rule["kind"] == mutant[0] and re.fullmatch(rule["path"], mutant[1])
                 and re.search(rule["says"], says)), None)


def compare(picked, ours, theirs, rules):
    """Prints the differences and returns how many holes nobody has explained."""
    agreed = sum((a is None) == (b is None) for a, b in zip(ours, theirs))
    alone = sum(a is not None and b is None for a, b in zip(ours, theirs))
    explained, holes = collections.Counter(), []
    for mutant, a, b in zip(picked, ours, theirs):
        if a is None and b is not None:
            rule = allowed(rules, mutant, b)
            if rule is None:
                holes.append(f"hole: {mutant[0]} {mutant[1]} ({mutant[2]}): {b[:300]}")
            else:
                explained[rule["why"]] += 1
    print("\n".join(sorted(holes) + [f"note: {n} taken by gregor alone: {why}" for why, n in sorted(explained.items())]))
    print(f"note: {alone} refused by gregor alone")
    print(f"{agreed} of {len(picked)} agreed, {len(holes)} holes")
    return len(holes)


def load(name):
    with open(os.path.join(HERE, name)) as f:
        return list(yaml.load_all(f, judge.LOADER)) if name.endswith(".yaml") else f.readlines()


def main(words):
    if len(words) not in (2, 3):
        print("usage: mutants.py BINARIES VERDICT [HOW_MANY]", file=sys.stderr)
        return 2
    objects = load("mutants.yaml")
    added = list(additions(objects, load("mutants_added.txt")))
    found = list(mutants(objects))
    many = int(words[2]) if len(words) == 3 else 4000
    picked = [("", "", "", o) for o in objects] + added + (random.Random(SEED).sample(found, many) if many else found)
    try:
        with servers.Servers(words[0], words[0]) as server:
            court = judge.Court(server)
            crds.create(server, os.path.join(judge.SHARED, "data", "crd"),
                        {(o["apiVersion"].rpartition("/")[0], o["kind"]) for o in objects
                         if o["apiVersion"].rpartition("/")[0] not in court.built_in})
            minor = int(re.match(r"\d+", server.ask("GET", "/version")[1]["minor"])[0])
            picked = [m for m in picked if court.resource(m[3]["apiVersion"])]
            with concurrent.futures.ThreadPoolExecutor(judge.THREADS) as pool:
                theirs = list(pool.map(lambda m: servers_word(court, m), picked))
    except (servers.StartError, ValueError) as e:
        print(e, file=sys.stderr)
        return 3
    ours = gregors_word(words[1], minor, [json.dumps(m[3], ensure_ascii=False) for m in picked])
    return 1 if compare(picked, ours, theirs, load("mutants_allowed.yaml")[0]) else 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
