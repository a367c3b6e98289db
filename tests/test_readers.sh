#!/bin/bash
# What others read out of our YAML is what we meant: tests/test_readers.sh path/to/gregor
# Compares PyYAML's reading of the manifests of presets and golden cases with the JSON that gregor writes for them, and kubectl's
# where a machine has one (`label --local` reads each object as kubectl does and asks no server).
set -u
GREGOR=$(realpath "${1:?path of gregor}")
cd "$(dirname "$0")/.." || exit 1
python=python3
"$python" -c 'import yaml' 2>/dev/null || python=/usr/bin/python3
"$python" -c 'import yaml' 2>/dev/null || { echo "skipped: no python3-yaml"; exit 77; }
export GREGOR KUBECTL="$(type -P kubectl)" PYTHONPATH=tests PYTHONDONTWRITEBYTECODE=1

exec "$python" - <<'END'
import glob, json, os, subprocess, sys, yaml

from same import difference

gregor, kubectl = os.environ["GREGOR"], os.environ["KUBECTL"]
loader = getattr(yaml, "CSafeLoader", yaml.SafeLoader)
facts = failed = 0


def run(command, folder=".", text=b""):
    return subprocess.run(command, cwd=folder, input=text, stdout=subprocess.PIPE, stderr=subprocess.PIPE)


def fail(what, why):
    global failed
    failed += 1
    print(f"FAILED {what}: {why}")


def read_by_kubectl(text):
    done = run([kubectl, "label", "--local", "--overwrite", "-o", "json", "-f", "-", "gregor.test/read=yes"], text=text)
    if done.returncode != 0:
        raise ValueError(done.stderr.decode()[-500:])
    decoder, at, out, objects = json.JSONDecoder(), 0, done.stdout.decode().strip(), []
    while at < len(out):
        o, at = decoder.raw_decode(out, at)
        objects += o["items"] if o["kind"] == "List" else [o]
        at += len(out[at:]) - len(out[at:].lstrip())
    for o in objects:
        del o["metadata"]["labels"]["gregor.test/read"]
        if not o["metadata"]["labels"]: # an object of the site may have none
            del o["metadata"]["labels"]
    return objects


cases = sorted(glob.glob("presets/*.yaml") + glob.glob("golden/*/input.yaml") + glob.glob("tests/demo/*.yaml"))
compiled = 0
for case in cases:
    folder, name = os.path.split(case)
    if os.path.exists(folder + "/args"):
        continue
    as_yaml, as_json = (run([gregor, "build", "-q", "--to", to, name], folder) for to in ("yaml", "json"))
    facts += 1
    if as_yaml.returncode != as_json.returncode:
        fail(case, "compiles to YAML or to JSON, not to both")
    if as_yaml.returncode != 0:
        continue
    compiled += 1
    items = json.loads(as_json.stdout)["items"]
    found = difference(list(yaml.load_all(as_yaml.stdout, loader)), items, ordered=True)
    if found:
        fail(case, "PyYAML and JSON differ at " + found)
    if kubectl:
        found = difference(read_by_kubectl(as_yaml.stdout), items)
        if found:
            fail(case, "kubectl and JSON differ at " + found)
if not kubectl:
    print("note: no kubectl on this machine, its reading is not compared")
if compiled == 0:
    fail("all", "nothing compiles")
print(f"test_readers: {facts} facts, {failed} failed")
sys.exit(failed > 0)
END
