"""charts.py GREGOR TOOLS [CASE...]: Helm 3, Helm 4 and OpenShift's own library make of our charts and templates exactly our objects.

For each golden case that compiles: `helm lint --strict` is content, and what `helm template` and `oc process` print is, object by object,
what `gregor build` prints. For some, each open value is changed as well: then they print what gregor makes of the changed description.
"""
import json, os, re, shlex, subprocess, sys, tempfile

import yaml

sys.path.insert(0, os.path.join(os.path.dirname(os.path.abspath(__file__)), ".."))
from same import difference

LOADER = getattr(yaml, "CSafeLoader", yaml.SafeLoader)
# Open and secured, KRaft and ZooKeeper, with the templates of Prometheus, with several pools and zones, with names that are no identifiers.
CHANGED = ["minimal", "acl-zookeeper-3.9", "auth-scram-exposed", "expose-loadbalancer", "helm-hooks", "kraft-combined-three", "kraft-dynamic-quorum",
           "labels-annotations", "monitoring-monitors", "openshift-hooks", "pools-brokers", "resources", "scheduling", "tls-existing", "zones-statefulset-each",
           "users-scram-plain", "zookeeper-3.8"]
ALSO = ["labels", "annotations", "brokers.labels", "brokers.annotations"]

gregor, tools = os.path.realpath(sys.argv[1]), os.path.realpath(sys.argv[2])
os.chdir(os.path.join(os.path.dirname(os.path.abspath(__file__)), "..", ".."))
work = tempfile.TemporaryDirectory()
SECRETS = os.path.join(work.name, "secrets")  # a file beside a file, a folder beside a folder
passed = failed = 0


def run(command, folder=".", text=None):
    env = {"PATH": os.environ["PATH"], "HOME": work.name}
    return subprocess.run(command, cwd=folder, input=text, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True, env=env)


def must(command, folder="."):
    done = run(command, folder)
    if done.returncode != 0:
        raise ValueError(f"{' '.join(command[:4])}: {(done.stdout + done.stderr).strip()[-600:]}")
    return done.stdout


def tell(what, problem):
    global passed, failed
    passed, failed = passed + (not problem), failed + bool(problem)
    if problem:
        print(f"FAILED {what}: {problem}")


def by_name(objects):
    """Objects by what the API server knows them by. Their order is the tool's own."""
    out = {}
    for o in objects:
        key = (o["apiVersion"], o["kind"], o["metadata"].get("namespace"), o["metadata"]["name"])
        if key in out:
            raise ValueError(f"{key} stands twice")
        out[key] = o
    return out


def documents(text):
    return by_name(d for d in yaml.load_all(text, Loader=LOADER) if d is not None)


class Case:
    def __init__(self, name, sets=()):
        self.name, self.folder = name, os.path.join("golden", name)
        if name.startswith("preset-"):
            self.folder, self.input = "presets", name[len("preset-"):] + ".yaml"
        else:
            self.input = "input.yaml"
        args = os.path.join("golden", name, "args")
        words = open(args).read() if os.path.exists(args) else ""
        self.form = (re.findall("--to ([a-z-]+)", words) or [""])[0]
        words = re.sub("--to [a-z-]+|--per-file=[a-z]+|--hash-names|--applyset [^ ]+", "", words)  # of the form that the case is about
        words = re.sub("--secrets [^ ]+", "--secrets " + SECRETS, words)
        self.words = shlex.split(words) + [w for s in sets for w in ("--set", s)]

    def build(self, *more):
        words = [SECRETS + ".d" if w == SECRETS and "-d" in more else w for w in self.words]
        return must([gregor, "build", "-q", *words, *more, self.input], self.folder)

    def objects(self, *sets):
        return documents(self.build(*[w for s in sets for w in ("--set", s)]))


# ---- values -------------------------------------------------------------------------------------------------------------------

def leaves(values, schema, path=()):
    """The open values of a chart: path -> default."""
    for key, below in schema["properties"].items():
        if key == "global":
            continue
        if "properties" in below:
            yield from leaves(values[key], below, path + (key,))
        else:
            yield path + (key,), values[key]


def other(path, value):
    """A value that another site might give: as the chart takes it, and as the description does."""
    last = path[-1]
    if last == "image":
        return "mirror.example.com/team/kafka:9", None
    if last == "pullSecrets":
        return [{"name": "one"}, {"name": "two"}], ["one", "two"]
    if last == "tolerations":
        return [{"key": "k", "operator": "Equal", "value": "v", "effect": "NoExecute", "tolerationSeconds": 60}], None
    if last in ("nodeSelector", "labels"):
        return {"example.com/disk": "fast", "zz": "1"}, None
    if last == "annotations":
        return {"example.com/note": "of {{ several }}\nlines: <&> 'quoted' \"twice\"\n\n", "a": "1e3"}, None
    if last == "cpu":
        return ("64" if "limits" in path else "1100m"), None
    if last == "memory":
        return ("512Gi" if "limits" in path else "9Gi"), None
    if last == "size":
        return "777Gi", None
    if last in ("class", "priorityClassName"):
        return "other-class", None
    if last == "namespace":
        return "elsewhere", None
    raise ValueError(f"nobody thought of another value for {path}")


def replaced(path, value):
    """Helm lays maps over each other: what has to go is a null."""
    new = other(path, value)[0]
    return {**{k: None for k in value}, **new} if isinstance(new, dict) else new


def nested(pairs):
    out = {}
    for path, value in pairs:
        at = out
        for key in path[:-1]:
            at = at.setdefault(key, {})
        at[path[-1]] = value
    return out


def assignments(values):
    """The same for `gregor build --set`."""
    for path in values:
        chart, described = other(path, values[path])
        yield ".".join(path) + "=" + json.dumps(chart if described is None else described)


def jobs_unnamed(objects):
    """The name of a Job ends with a digest of what it does: another one in a chart than in the description."""
    for key in [k for k in objects if k[1] == "Job"]:
        o = objects.pop(key)
        o["metadata"]["name"] = o["metadata"]["name"][:-10]
        objects[key[:3] + (o["metadata"]["name"],)] = o
    return objects


def forget(objects, words):
    """What stays as it was when the namespace changes: a checksum."""
    for o in objects.values():
        notes = o.get("spec", {}).get("template", {}).get("metadata", {}).get("annotations", {})
        if "gregor/config-checksum" in notes and words:
            notes["gregor/config-checksum"] = "left out"
    return jobs_unnamed(objects)


# ---- Helm ----------------------------------------------------------------------------------------------------------------------

def chart_of(case, where, *sets):
    case.build("--to", "helm", "-d", where, *[w for s in sets for w in ("--set", s)])
    return next(os.path.join(d, "") for d, _, files in os.walk(where) if "Chart.yaml" in files)


def template(helm, chart, *more):
    minor = yaml.load(open(chart + "Chart.yaml"), Loader=LOADER)["kubeVersion"].strip(">=").split(".")[1]
    return documents(must([os.path.join(tools, helm), "template", "release", chart, "--kube-version", f"1.{minor}", *more]))


def check_chart(case, helms, change):
    plain = case.objects()
    with tempfile.TemporaryDirectory(dir=work.name) as where:
        chart = chart_of(case, where)
        for helm in helms:
            must([os.path.join(tools, helm), "lint", "--strict", chart])
            tell(f"{case.name}, {helm} template", difference(plain, template(helm, chart)))
    if change:
        check_changed(case, helms, ())
        check_changed(case, helms[:1], ("values=" + json.dumps(ALSO),))
        check_changed(case, helms[:1], ("values=[namespace]", "kafka.clusterId=MkU3OEVBNTcwNTJENDM2Qg"))


def check_changed(case, helms, sets):
    if "kafka.clusterId" in str(sets) and ("zookeeper" in case.name or "dynamic" in case.name):
        return
    with tempfile.TemporaryDirectory(dir=work.name) as where:
        chart = chart_of(case, where, *sets)
        values = dict(leaves(yaml.load(open(chart + "values.yaml"), Loader=LOADER), json.load(open(chart + "values.schema.json"))))
        moved = ("namespace",) in values
        changed = os.path.join(where, "changed.json")
        json.dump(nested((p, replaced(p, values[p])) for p in values), open(changed, "w"))
        wanted = forget(case.objects(*sets, *assignments(values)), moved)
        for helm in helms:
            got = template(helm, chart, "-f", changed)
            kept = [k for k in got if k[1] == "Job" and k in case.objects(*sets)]
            tell(f"{case.name}, {helm}: a Job that does something else", kept and f"has the name it had: {kept}")
            got = forget(got, moved)
            tell(f"{case.name}, {helm} template with {len(values)} other values {sets}", difference(wanted, got))


# What gregor would refuse, and what Helm takes out of the values (null) though a template needs it.
REFUSED = ["foo=1", "brokers.cpus=1", "brokers.cpu=0", "brokers.cpu=-1", "brokers.cpu=300", "brokers.cpu=0.00", "brokers.cpu=5m", "brokers.cpu=1e3", "brokers.cpu=null",
           "brokers.storage.size=0", "brokers.storage.size=5", "brokers.storage.size=5GB", "brokers.storage.size=1.5Ti", "brokers.storage=null", "brokers=null",
           "kafka.image=", "kafka.image=null", "kafka=null", "images=null", "images.pullSecrets[0]=x", "images.pullSecrets[0].names=x",
           "brokers.tolerations[0].operator=Exist", "brokers.nodeSelector.a=1", "brokers.priorityClassName=A"]
TAKEN = ["brokers.cpu=2", "brokers.cpu=0.25", "brokers.cpu=10m", "brokers.storage.size=2Ti", "brokers.storage.size=107374182400", "brokers.tolerations=null",
         "brokers.nodeSelector=null", "images.pullSecrets=null", "brokers.priorityClassName=null", "global.x=1"]


def check_schema(helm):
    with tempfile.TemporaryDirectory(dir=work.name) as where:
        chart = chart_of(Case("minimal"), where)
        for value in REFUSED + TAKEN:
            done = run([os.path.join(tools, helm), "template", "x", chart, "--kube-version", "1.34", "--set", value])
            refused = "values don't meet the specifications of the schema" in done.stderr
            tell(f"{helm} --set {value}", refused != (value in REFUSED) and (done.stderr.strip()[-200:] or "passes"))


# ---- post-rendering ----------------------------------------------------------------------------------------------------------

HOOK = 'return { api = 1, object = function(obj) if obj.kind == "Service" then obj.metadata.annotations = { met = "yes" } end end }'
BROKEN = 'return { api = 1, object = function(obj) if obj.kind == "Service" then obj.spec.typ = "x" end end }'


def check_post_render(helm, words):
    """A chart comes through Helm and our post-renderer as it is, but for what a hook changes; what breaks an object ends Helm."""
    case = Case("monitoring-monitors")
    with tempfile.TemporaryDirectory(dir=work.name) as where:
        chart = chart_of(case, where)
        hooks = {name: os.path.join(where, name) for name in ("site.lua", "broken.lua")}
        for path, text in zip(hooks.values(), (HOOK, BROKEN)):
            with open(path, "w") as f:
                f.write(text)
        tell(f"{helm} --post-renderer gregor", difference(case.objects(), template(helm, chart, *words)))
        wanted = case.objects()
        for key in wanted:
            if key[1] == "Service":
                wanted[key]["metadata"]["annotations"] = {"met": "yes"}
        hooked = template(helm, chart, *words, "--post-renderer-args", "--hook=" + hooks["site.lua"])
        tell(f"{helm} --post-renderer gregor with a hook", difference(wanted, hooked))
        done = run([os.path.join(tools, helm), "template", "x", chart, "--kube-version", "1.34", *words,
                    "--post-renderer-args", "--hook=" + hooks["broken.lua"]])
        tell(f"{helm} --post-renderer gregor with a hook that breaks", done.returncode == 0 and "passes" or done.stdout and "prints manifests")


def check_post_renders(helms):
    """Helm 3 runs a program, Helm 4 a plugin."""
    programs, plugins = os.path.join(work.name, "bin"), os.path.join(work.name, ".local", "share", "helm", "plugins")
    for folder in (programs, plugins):
        os.makedirs(folder, exist_ok=True)
    os.symlink(gregor, os.path.join(programs, "gregor"))
    os.environ["PATH"] = programs + ":" + os.environ["PATH"]
    if "helm" in helms:
        check_post_render("helm", ["--post-renderer", "gregor", "--post-renderer-args", "post-render"])
    if "helm4" in helms:
        os.symlink(os.path.realpath("helm-plugin"), os.path.join(plugins, "gregor"))
        check_post_render("helm4", ["--post-renderer", "gregor"])


# ---- OpenShift -----------------------------------------------------------------------------------------------------------------

def process(path, parameters=()):
    text = must([os.path.join(tools, "oc"), "process", "--local", "-f", path, *[w for p in parameters for w in ("-p", p)]])
    return by_name(json.loads(text)["items"])


def check_template(name, change):
    case = Case(name, ["platform=openshift"])
    if run([gregor, "check", "-q", *case.words, case.input], case.folder).returncode != 0:
        return  # says something that OpenShift does not have
    with tempfile.NamedTemporaryFile("w", suffix=".yaml", dir=work.name) as file:
        file.write(case.build("--to", "openshift-template"))
        file.flush()
        tell(f"{name}, oc process", difference(case.objects(), process(file.name)))
        if not change or "dynamic" in name:
            return
        read = yaml.load(open(file.name), Loader=LOADER)
        values = {tuple(p["displayName"].split(".")): p for p in read["parameters"]}
        given = []
        for path, p in values.items():
            v = other(path, None)[0]
            given.append(p["name"] + "=" + (v if isinstance(v, str) else json.dumps(v)))
        kraft = "zookeeper" not in name
        pinned = [f"kafka.clusterId={cluster_id(read)}"] if kraft else []
        wanted = case.objects(*pinned, *assignments(values))
        tell(f"{name}, oc process with {len(given)} other values", difference(forget(wanted, True), forget(process(file.name, given), True)))


def cluster_id(template):
    """As the start script of a node has it."""
    return re.search("--cluster-id=([-_A-Za-z0-9]{22})", json.dumps(template)).group(1)


def compiling():
    return sorted(sys.argv[3:] or (n for n in os.listdir("golden") if "dump" not in n and os.path.isdir(f"golden/{n}")
                                   and {"expect.yaml", "expect.files"} & set(os.listdir(f"golden/{n}"))))


def main():
    helms = [h for h in ("helm", "helm4") if os.path.exists(os.path.join(tools, h))]
    oc = os.path.exists(os.path.join(tools, "oc"))
    if not helms and not oc:
        print("skipped: no helm, helm4 or oc; `make tools` builds them where there is Go")
        sys.exit(77)
    try:
        check_post_renders(helms)
    except ValueError as e:
        tell("post-render", str(e))
    for helm in helms:
        check_schema(helm)
    for name in compiling():
        for what, check in (("chart", lambda: helms and check_chart(Case(name), helms if name in CHANGED else helms[:1], name in CHANGED)),
                            ("template", lambda: oc and Case(name).form != "helm" and check_template(name, name in CHANGED))):
            try:
                check()
            except ValueError as e:
                tell(f"{name}, {what}", str(e))
    print(f"{passed} passed, {failed} failed")
    sys.exit(failed > 0 or passed == 0)


main()
