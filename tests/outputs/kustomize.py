"""kustomize.py GREGOR TOOLS [CASE...]: Kustomize, kubectl and kpt make of our folders, and with gregor as their function, exactly our
objects; and KYAML is to the byte what the encoder of kubectl writes.
"""
import os, re, shlex, shutil, subprocess, sys, tempfile

import yaml

sys.path.insert(0, os.path.join(os.path.dirname(os.path.abspath(__file__)), ".."))
from same import difference

LOADER = getattr(yaml, "CSafeLoader", yaml.SafeLoader)
# Open and secured, KRaft and ZooKeeper, combined and dedicated, several pools and zones, hooks.
CASES = ["minimal", "acl-kraft-combined", "acl-zookeeper-3.9", "auth-scram-exposed", "config-escapes", "hook-points",
         "kraft-dynamic-quorum", "labels-annotations", "monitoring-monitors", "pools-brokers", "storage-classes-eks",
         "tls-existing", "zones-statefulset-each", "zookeeper-3.8"]
# Unquoted dates reach a function as times: Kustomize reads its configuration before we do.
RETYPED = ["labels-annotations"]
FOREIGN = """apiVersion: example.com/v1
kind: Thing
metadata:
  name: thing
  annotations:
    note: seven
spec:
  long: 12345678901234567890123
  float: 1.10
  exponent: 1e3
  octal: 0644
  date: 2026-11-20
  bool: yes
  text: "1e3"
  lines: |
    one
      two
"""

gregor, tools = os.path.realpath(sys.argv[1]), os.path.realpath(sys.argv[2])
os.chdir(os.path.join(os.path.dirname(os.path.abspath(__file__)), "..", ".."))
work = tempfile.mkdtemp()
passed = failed = 0


def run(command, folder=None, text=None, **more):
    env = {"PATH": os.environ["PATH"], "HOME": work, **more}
    return subprocess.run(command, cwd=folder, input=text, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True, env=env)


def must(command, folder=None, text=None, silent=False, **more):
    done = run(command, folder, text, **more)
    if done.returncode != 0 or (silent and done.stderr):
        raise ValueError(f"{' '.join(command[:5])}: exit {done.returncode}: {(done.stdout + done.stderr)[-800:]}")
    return done.stdout


def objects(text):
    return [o for o in yaml.load_all(text, LOADER) if o]


def by_name(list):
    return {(o["apiVersion"], o["kind"], o["metadata"]["name"]): o for o in list}


def same(a, b, ordered=False):
    if not ordered:
        a, b = by_name(a), by_name(b)
    found = difference(a, b)
    if found:
        raise ValueError(f"the objects differ at {found}")


def fact(function, *args):
    global passed, failed
    try:
        function(*args)
        passed += 1
    except Exception as e:
        failed += 1
        print(f"FAILED {function.__name__} {' '.join(map(str, args))}: {e}")


def words(case):
    args = f"golden/{case}/args"
    return shlex.split(open(args).read()) if os.path.exists(args) else []


def build(case, *more):
    return [gregor, "build", "-q", *words(case), *more, "input.yaml"], f"golden/{case}"


def fresh(name):
    folder = os.path.join(work, name)
    shutil.rmtree(folder, ignore_errors=True)
    os.makedirs(folder)
    return folder


def put(folder, name, text):
    os.makedirs(os.path.dirname(os.path.join(folder, name)), exist_ok=True)
    with open(os.path.join(folder, name), "w") as f:
        f.write(text)


# ---- forms -------------------------------------------------------------------------------------------------------------
def kyaml_is_what_its_encoder_writes(case):
    ours = must(*build(case, "--to", "kyaml"))
    theirs = must([f"{tools}/kyaml"], text=ours)
    if ours != theirs:
        raise ValueError("the bytes differ")
    same(objects(ours), objects(must(*build(case))), ordered=True)


def kustomizers(folder):
    yield [f"{tools}/kustomize", "build", folder]
    if shutil.which("kubectl"):
        yield ["kubectl", "kustomize", folder]


def a_base_builds_to_our_objects_without_warnings(case):
    out = fresh("base")
    must(*build(case, "--to", "kustomize", "-d", out))
    plain, name = objects(must(*build(case))), os.listdir(out)[0]
    for part in "", "/base":
        for command in kustomizers(f"{out}/{name}{part}"):
            same(objects(must(command, silent=True)), plain, ordered=True)
    put(out, "overlay/kustomization.yaml", f"components: [../{name}/component]\nresources: [thing.yaml]\nlabels: [{{pairs: {{tier: front}}}}]\n")
    put(out, "overlay/thing.yaml", FOREIGN)
    for command in kustomizers(f"{out}/overlay"):
        made = objects(must(command, silent=True))
        if len(made) != len(plain) + 1 or any(o["metadata"]["labels"].pop("tier") != "front" for o in made):
            raise ValueError("the component does not bring the objects")
        same([o for o in made if o["kind"] != "Thing"], plain)


def references(value):
    """Names of ConfigMaps wherever a pod may refer to one."""
    if isinstance(value, dict):
        for k, v in value.items():
            if k in ("configMap", "configMapRef", "configMapKeyRef") and isinstance(v, dict) and "name" in v:
                yield v["name"]
            yield from references(v)
    elif isinstance(value, list):
        for v in value:
            yield from references(v)


def hashed_names_are_those_of_kustomize(case):
    text = must(*build(case, "--hash-names"))
    hashed, plain = objects(text), objects(must(*build(case)))
    maps = [o for o in hashed if o["kind"] == "ConfigMap"]
    out = fresh("generated")
    names = []
    for i, o in enumerate(p for p in plain if p["kind"] == "ConfigMap"):
        files = []
        for key, value in o.get("data", {}).items():
            put(out, f"{i}/{key}", value)
            files.append(f"{key}={i}/{key}")
        names.append({"name": o["metadata"]["name"], "files": files})
    put(out, "kustomization.yaml", yaml.safe_dump({"configMapGenerator": names}))
    theirs = {o["metadata"]["name"] for o in objects(must([f"{tools}/kustomize", "build", out], silent=True))}
    if theirs != {o["metadata"]["name"] for o in maps}:
        raise ValueError(f"{sorted(theirs)} and {sorted(o['metadata']['name'] for o in maps)}")
    missing = {n for o in hashed for n in references(o.get("spec"))} - theirs - {n for o in plain for n in references(o.get("spec"))}
    unchanged = {n for o in hashed for n in references(o.get("spec"))} & {n["name"] for n in names}
    if missing or unchanged:
        raise ValueError(f"references to {missing or unchanged}")
    for name in theirs:
        text = text.replace(name, name[:-11])
    same(objects(text), plain, ordered=True)


# ---- gregor as a function ----------------------------------------------------------------------------------------------
def config(case, annotations=""):
    spec = open(f"golden/{case}/input.yaml").read()
    body = "".join(f"  {line}\n" for line in spec.splitlines())
    return f"apiVersion: gregor.dev/v1\nkind: KafkaCluster\nmetadata:\n  name: config\n  annotations:\n    config.kubernetes.io/local-config: 'true'\n{annotations}spec:\n{body}"


def lay_files(case, folder):
    for name in os.listdir(f"golden/{case}"):
        if name.endswith(".lua"):
            shutil.copy(f"golden/{case}/{name}", folder)


def without_owner(list):
    for o in list:
        notes = o["metadata"].get("annotations", {})
        if "gregor.dev/cluster" not in notes:
            raise ValueError(f"{o['metadata']['name']} does not say whose it is")
        del notes["gregor.dev/cluster"]
        if not notes:
            del o["metadata"]["annotations"]
    return list


def package(folder):
    found = {}
    for path, _, names in os.walk(folder):
        for n in names:
            found[os.path.relpath(os.path.join(path, n), folder)] = open(os.path.join(path, n)).read()
    return found


def in_package(files, skip=("Kptfile", "thing.yaml")):
    return [o for name, text in files.items() if name not in skip for o in objects(text)]


def kpt(folder, *more, ok=True):
    """Files that a configuration names stand beside it: kpt runs there."""
    done = run([f"{tools}/kpt", "fn", "eval", folder, *more], os.path.dirname(folder))
    if (done.returncode == 0) != ok:
        raise ValueError(f"kpt fn eval: exit {done.returncode}: {done.stderr[-800:]}")


def kpt_evaluates_a_package(case):
    out = fresh("kpt")
    put(out, "pkg/Kptfile", "apiVersion: kpt.dev/v1\nkind: Kptfile\nmetadata:\n  name: pkg\n")
    put(out, "pkg/thing.yaml", FOREIGN)
    put(out, "fn.yaml", config(case))
    lay_files(case, out)
    kpt(f"{out}/pkg", "--exec", f"{gregor} krm", "--fn-config", f"{out}/fn.yaml")
    first = package(f"{out}/pkg")
    same(without_owner(in_package(first)), objects(must(*build(case))))
    for line in FOREIGN.splitlines():
        if line not in first["thing.yaml"].splitlines() and ":" in line:
            raise ValueError(f"'{line}' of somebody else changed:\n{first['thing.yaml']}")
    kpt(f"{out}/pkg", "--exec", gregor, "--fn-config", f"{out}/fn.yaml")
    if package(f"{out}/pkg") != first:
        raise ValueError("a second run changes the package")


def kpt_sinks_a_list(case):
    out = fresh("sink")
    must([f"{tools}/kpt", "fn", "sink", f"{out}/pkg"], text=must(*build(case, "--to", "krm")))
    same(without_owner(in_package(package(f"{out}/pkg"))), objects(must(*build(case))))


def kpt_removes_what_the_cluster_lost():
    out = fresh("kpt")
    spec = "name: a\nkafka: {version: 4.3.1}\n"
    put(out, "pkg/Kptfile", "apiVersion: kpt.dev/v1\nkind: Kptfile\nmetadata:\n  name: pkg\n")
    put(out, "more.yaml", yaml.safe_dump({"apiVersion": "v1", "kind": "ConfigMap", "metadata": {"name": "c"},
                                          "data": {"description": "gregor: 1\n" + spec + "networkPolicy: {clients: [{namespace: shop}]}\n"}}))
    kpt(f"{out}/pkg", "--exec", gregor, "--fn-config", f"{out}/more.yaml")
    before = package(f"{out}/pkg")
    kpt(f"{out}/pkg", "--exec", gregor, "--", "name=a", "kafka.version=4.3.1")
    after = package(f"{out}/pkg")
    lost = set(before) - set(after)
    if not lost or any("networkpolicy" not in n for n in lost):
        raise ValueError(f"lost {lost}")


def a_bad_configuration_leaves_the_package_and_says_where():
    out = fresh("kpt")
    put(out, "pkg/Kptfile", "apiVersion: kpt.dev/v1\nkind: Kptfile\nmetadata:\n  name: pkg\n")
    put(out, "pkg/thing.yaml", FOREIGN)
    put(out, "fn.yaml", config("minimal") + "  brokers:\n    count: none\n")
    before = package(f"{out}/pkg")
    kpt(f"{out}/pkg", "--exec", gregor, "--fn-config", f"{out}/fn.yaml", "--results-dir", f"{out}/results", ok=False)
    if package(f"{out}/pkg") != before:
        raise ValueError("the package changed")
    result = yaml.safe_load(open(f"{out}/results/results.yaml"))["items"][0]["results"][0]
    lines = open(f"{out}/fn.yaml").read().splitlines()
    if result["field"]["path"] != "spec.brokers.count" or "count: none" not in lines[int(result["tags"]["line"]) - 1]:
        raise ValueError(str(result))


def kustomize_runs_it_as_a_function(case):
    out = fresh("function")
    put(out, "fn.yaml", config(case, "    config.kubernetes.io/function: 'exec: {path: ./gregor}'\n"))
    put(out, "kustomization.yaml", "generators: [fn.yaml]\n")
    os.symlink(gregor, f"{out}/gregor")
    lay_files(case, out)
    made = objects(must([f"{tools}/kustomize", "build", "--enable-alpha-plugins", "--enable-exec", out]))
    same(without_owner(made), objects(must(*build(case))))


def stock_kubectl_runs_it_as_a_plugin(case):
    out = fresh("plugin")
    put(out, "at/fn.yaml", config(case))
    put(out, "at/kustomization.yaml", "generators: [fn.yaml]\n")
    lay_files(case, f"{out}/at")
    home = f"{out}/home/kustomize/plugin/gregor.dev/v1/kafkacluster"
    os.makedirs(home)
    os.symlink(gregor, f"{home}/KafkaCluster")
    for command in kustomizers(f"{out}/at"):
        made = objects(must([*command, "--enable-alpha-plugins"], XDG_CONFIG_HOME=f"{out}/home"))
        same(made, objects(must(*build(case))))


cases = sys.argv[3:] or CASES
compiling = [c for c in sorted(os.listdir("golden")) if os.path.exists(f"golden/{c}/expect.yaml") and not re.search("--(to|dump|secrets|dir)", " ".join(words(c)))
             and os.path.exists(f"golden/{c}/input.yaml")]
for case in sys.argv[3:] or compiling:
    fact(kyaml_is_what_its_encoder_writes, case)
for case in cases:
    fact(a_base_builds_to_our_objects_without_warnings, case)
    fact(hashed_names_are_those_of_kustomize, case)
    fact(kpt_sinks_a_list, case)
    if not words(case) and case not in RETYPED:
        fact(kpt_evaluates_a_package, case)
        fact(kustomize_runs_it_as_a_function, case)
        fact(stock_kubectl_runs_it_as_a_plugin, case)
fact(kpt_removes_what_the_cluster_lost)
fact(a_bad_configuration_leaves_the_package_and_says_where)
shutil.rmtree(work)
print(f"kustomize: {passed} passed, {failed} failed")
sys.exit(failed > 0)
