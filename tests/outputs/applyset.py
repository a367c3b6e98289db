"""applyset.py GREGOR TOOLS [CASE...]: the parent that `build --applyset` makes is the one that kubectl itself would make of the manifests, and
kubectl's own code accepts it; a parent or members that are not right are refused (so this can fail).
"""
import base64, hashlib, os, re, shlex, shutil, subprocess, sys, tempfile

import yaml

LOADER = getattr(yaml, "CSafeLoader", yaml.SafeLoader)
CASES = ["applyset", "minimal", "acl-kraft-combined", "acl-zookeeper-3.9", "auth-scram-exposed", "external-secrets", "hook-points", "monitoring-monitors",
         "secrets-scram", "storage-classes-eks", "tls-existing", "zones-statefulset-each", "zookeeper-3.8"]
KEY = "applyset.kubernetes.io/"
# What is changed, in which file, into what, and a word of the refusal.
MUTANTS = [
    ("parent", "id: applyset-", "id: applyset-x", "id"),
    ("parent", "additional-namespaces: \"", "additional-namespaces: \"else,", "additional-namespaces"),
    ("parent", "contains-group-kinds: \"ConfigMap", "contains-group-kinds: \"Job.batch,ConfigMap", "contains-group-kinds"),
    ("parent", ",StatefulSet.apps", "", "contains-group-kinds"),
    ("parent", "tooling: kubectl/", "tooling: gregor/", "managed by tooling"),
    ("parent", "name: orders-applyset", "name: orders", "id"),
    ("parent", "namespace: streaming", "namespace: other", "additional-namespaces"),
    ("members", "app.kubernetes.io/name: kafka", "applyset.kubernetes.io/part-of: kafka", "already set in input data"),
]

gregor, tools = os.path.realpath(sys.argv[1]), os.path.realpath(sys.argv[2])
os.chdir(os.path.join(os.path.dirname(os.path.abspath(__file__)), "..", ".."))
work = tempfile.mkdtemp()
passed = failed = 0


def run(command, folder=None):
    return subprocess.run(command, cwd=folder, stdin=subprocess.DEVNULL, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True)


def words(case):
    path = f"golden/{case}/args"
    return shlex.split(open(path).read()) if os.path.exists(path) else []


def build(case):
    """The golden case, built with its parent into a folder of its own; private files must be private."""
    at = f"{work}/golden/{case}"
    shutil.copytree(f"golden/{case}", at)
    os.makedirs(f"{work}/build", exist_ok=True)  # where some cases write their Secrets
    for path, _, files in os.walk(at):
        for name in files:
            os.chmod(os.path.join(path, name), 0o600)
    done = run([gregor, "build", "-q", *words(case), "--applyset", "parent", "-o", "members", "input.yaml"], at)
    if done.returncode != 0:
        raise ValueError(done.stdout)
    secrets = f"{at}/{words(case)[words(case).index('--secrets') + 1]}" if "--secrets" in words(case) else None
    if secrets and os.path.exists(secrets):
        open(f"{at}/members", "a").write(open(secrets).read())
    return f"{at}/parent", f"{at}/members"


def id_of(meta):
    digest = hashlib.sha256(f"{meta['name']}.{meta['namespace']}.ConfigMap.".encode()).digest()
    return "applyset-" + base64.urlsafe_b64encode(digest).decode().rstrip("=") + "-v1"


def kubectl_makes_the_same(case):
    parent, members = build(case)
    done = run([f"{tools}/applyset", parent, members])
    made = [o for o in yaml.load_all(open(parent), LOADER)][-1]["metadata"]
    if done.returncode != 0 or done.stdout.strip() != id_of(made) or made["labels"][KEY + "id"] != id_of(made):
        raise ValueError(f"{done.stdout}{made}")
    objects = [o for o in yaml.load_all(open(members), LOADER) if o]
    kinds = {o["kind"] + ("." + o["apiVersion"].split("/")[0] if "/" in o["apiVersion"] else "") for o in objects}
    if made["annotations"][KEY + "contains-group-kinds"] != ",".join(sorted(kinds)):
        raise ValueError(str(made["annotations"]))
    if any(KEY in str(o) for o in objects):
        raise ValueError("the members know of it")


def what_is_wrong_is_refused(which, what, instead, word):
    shutil.rmtree(f"{work}/golden/applyset", ignore_errors=True)
    files = dict(zip(("parent", "members"), build("applyset")))
    text = open(files[which]).read()
    at = text.rindex(what) if which == "parent" else text.index(what)
    open(files[which], "w").write(text[:at] + instead + text[at + len(what):])
    done = run([f"{tools}/applyset", files["parent"], files["members"]])
    if done.returncode == 0 or word not in done.stdout:
        raise ValueError(f"exit {done.returncode}: {done.stdout}")


def fact(f, *args):
    global passed, failed
    try:
        f(*args)
        passed += 1
    except (ValueError, KeyError, OSError) as e:
        failed += 1
        print(f"FAILED {f.__name__} {args}: {e}")


for case in sys.argv[3:] or CASES:
    fact(kubectl_makes_the_same, case)
for mutant in MUTANTS:
    fact(what_is_wrong_is_refused, *mutant)
shutil.rmtree(work)
print(f"applyset: {passed} passed, {failed} failed")
sys.exit(failed > 0)
