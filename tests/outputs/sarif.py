"""sarif.py GREGOR TOOLS [CASE...]: the SARIF logs of all golden cases with findings hold to the schema of OASIS 2.1.0, tell each finding of
the text once, and point into files that are there; logs that were spoilt are refused (so this can fail).
"""
import copy, json, os, re, shlex, shutil, subprocess, sys, tempfile

gregor, tools = os.path.realpath(sys.argv[1]), os.path.realpath(sys.argv[2])
os.chdir(os.path.join(os.path.dirname(os.path.abspath(__file__)), "..", ".."))
work = tempfile.mkdtemp()
passed = failed = 0


def told(problem, what):
    global passed, failed
    passed += not problem
    failed += bool(problem)
    if problem:
        print(f"FAILED {what}: {problem}")


def words(case):
    path = f"golden/{case}/args"
    return shlex.split(open(path).read()) if os.path.exists(path) else []


def log_of(args, folder):
    done = subprocess.run([gregor, "build", "--now", "2026-11-20T12:00:00Z", "--diagnostics", "sarif", *args], cwd=folder, stdin=subprocess.DEVNULL,
                          stdout=subprocess.DEVNULL, stderr=subprocess.PIPE)
    return done.stderr.decode()


def log_of_case(case):
    at = f"{work}/golden/{case}"
    for folder in "secrets", "private", "pki":
        for path, _, files in os.walk(f"{at}/{folder}"):
            for name in files:
                os.chmod(os.path.join(path, name), 0o600)
    folder = ["-d", "out"] if "--to" in words(case) or "--per-file" in " ".join(words(case)) else []
    return log_of([*words(case), *folder, "input.yaml"], at)


def judged(paths):
    """By path what the judge says: a number of results, or a refusal."""
    lines = subprocess.run([f"{tools}/sarif", *paths], stdout=subprocess.PIPE, text=True).stdout.splitlines()
    said = dict(line.split(": ", 1) for line in lines)
    if sorted(said) != sorted(paths):
        raise SystemExit(f"the judge says: {lines[:5]}")
    return said


def places(result):
    return [p["physicalLocation"] for p in result.get("locations", []) + result.get("relatedLocations", [])]


def wrong_place(place, folder):
    uri, region = place["artifactLocation"]["uri"], place.get("region")
    path = os.path.join(folder, uri)
    if region is None or not os.path.isfile(path):
        return None
    lines = open(path, encoding="utf-8", errors="surrogateescape").read().split("\n")
    if region["startLine"] > len(lines) or region["startColumn"] > len(lines[region["startLine"] - 1]) + 1:
        return f"{uri} has no {region}"


def wrong(case, text, said):
    expected = open(f"golden/{case}/expect.diag").read()
    if not said.endswith(" results"):
        return said
    run = json.loads(text)["runs"][0]
    findings = re.findall(r"^(?:.*?: )?(?:error|warning)\[([EW]\d{4})\]: ", expected, re.M)
    if sorted(r["ruleId"] for r in run["results"]) != sorted(findings) or said != f"{len(findings)} results":
        return f"{said}, and {len(findings)} in expect.diag"
    if sorted(r["id"] for r in run["tool"]["driver"]["rules"]) != sorted(set(findings)):
        return "the rules are not those of the results"
    if run["invocations"][0]["executionSuccessful"] != all(r["level"] == "warning" for r in run["results"]) and "-W" not in words(case):
        return "executionSuccessful is wrong"
    return next(filter(None, (wrong_place(p, f"golden/{case}") for r in run["results"] for p in places(r))), None)


def spoilt(log):
    """Copies of a log, each with one thing that the schema refuses."""
    def change(name, path, value):
        c = copy.deepcopy(log)
        at = c
        for key in path[:-1]:
            at = at[key]
        if value is None:
            del at[path[-1]]
        else:
            at[path[-1]] = value
        return name, json.dumps(c)
    run, result = ["runs", 0], ["runs", 0, "results", 0]
    place = [*result, "locations", 0, "physicalLocation"]
    yield change("another version", ["version"], "2.2.0")
    yield change("no runs", ["runs"], None)
    yield change("a key nobody knows", [*run, "verdict"], "guilty")
    yield change("no tool", [*run, "tool"], None)
    yield change("a tool without a name", [*run, "tool", "driver", "name"], None)
    yield change("an unknown unit of columns", [*run, "columnKind"], "bytes")
    yield change("an unknown level", [*result, "level"], "fatal")
    yield change("no message", [*result, "message"], None)
    yield change("a message that is no object", [*result, "message"], "text")
    yield change("line 0", [*place, "region", "startLine"], 0)
    yield change("a column that is text", [*place, "region", "startColumn"], "1")
    yield change("a name that is no URI", [*place, "artifactLocation", "uri"], "%zz")
    yield change("the same rule twice", [*run, "tool", "driver", "rules"], 2 * log["runs"][0]["tool"]["driver"]["rules"])
    yield change("an invocation that tells no success", [*run, "invocations", 0, "executionSuccessful"], None)
    yield "half a log", json.dumps(log)[:-200]


cases = sys.argv[3:] or [c for c in sorted(os.listdir("golden")) if os.path.exists(f"golden/{c}/expect.diag") and os.path.exists(f"golden/{c}/input.yaml")]
shutil.copytree("golden", f"{work}/golden", symlinks=True)
os.mkdir(f"{work}/build")  # where some cases write their Secrets
logs = {case: log_of_case(case) for case in cases}
# One run over all of them: their files in one log, and failures without a place; a run without findings; names that need an escape.
os.makedirs(f"{work}/names")
shutil.copy("golden/err-e0990-applyset/input.yaml", f"{work}/names/a b#ü.yaml")
shutil.copy("golden/err-e0990-applyset/input.yaml", f"{work}/names/-100%.yaml")
shutil.copy("golden/minimal/input.yaml", f"{work}/names/one.yaml")
shutil.copy("golden/minimal/input.yaml", f"{work}/names/two.yaml")
more = {
    "all at once": log_of(["-j", "2", "-d", f"{work}/out", *(f"golden/{c}/input.yaml" for c in cases)], "."),
    "nothing": log_of(["-d", "out", "one.yaml"], f"{work}/names"),
    "no place": log_of(["-d", "out", "one.yaml", "two.yaml"], f"{work}/names"),
    "names": log_of(["--", "a b#ü.yaml", "./-100%.yaml"], f"{work}/names"),
    "no file": log_of(["nowhere.yaml"], f"{work}/names"),
}
spoils = dict(spoilt(json.loads(logs[cases[0]])))
texts = {f"{work}/{i}.sarif": t for i, t in enumerate([*logs.values(), *more.values(), *spoils.values()])}
for path, text in texts.items():
    open(path, "w").write(text)
said = list(judged(list(texts)).values())
for case, text in logs.items():
    told(wrong(case, text, said.pop(0)), case)
for name, text in more.items():
    answer = said.pop(0)
    told(None if answer.endswith(" results") and (name == "nothing") == (answer == "0 results") else answer, name)
for name in spoils:
    answer = said.pop(0)
    told(None if answer.startswith("refused: ") else f"accepted: {answer}", name)
shutil.rmtree(work)
print(f"sarif: {passed} passed, {failed} failed")
sys.exit(failed > 0)
