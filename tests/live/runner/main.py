"""`make live`: every scenario in turn, each in namespaces of its own, and the table at the end."""
import argparse
import json
import os
import shutil
import signal
import subprocess
import sys
import time

from . import software
from .objects import Unknown, rows
from .scenario import builds, gregor, table
from .software import Images
from .system import BUILD, LIVE, Failed, remove_cgroups

LIMIT = 900


def images_of(manifests):
    """Every image that pods of these manifests run or mount."""
    for obj in manifests:
        spec = obj.get("spec", {}).get("template", {}).get("spec") if obj["kind"] in ("StatefulSet", "Deployment", "Job") else None
        for c in (spec or {}).get("containers", []) + (spec or {}).get("initContainers", []):
            yield c["image"]
        for v in (spec or {}).get("volumes", []):
            if "image" in v:
                yield v["image"]["reference"]


def prepare(name):
    """Compiles what the scenario will apply and fetches what it will run: afterwards there is no network."""
    images = Images()
    for manifests in builds(name):
        for reference in images_of(manifests):
            images.find(reference)


def run_scenario(name):
    """Returns the scenario's row; a run that dies has one too."""
    folder, output = f"{BUILD}/run/{name}", f"{BUILD}/run/{name}.json"
    shutil.rmtree(folder, ignore_errors=True)
    os.makedirs(folder)
    if os.path.exists(output):
        os.unlink(output)
    failed = {"scenario": name, "pods": 0, "ready": None, "messages": 0, "faults": []}
    try:
        prepare(name)
    except (Failed, Unknown) as e:
        return {**failed, "problems": [str(e)]}
    command = ["setpriv", "--pdeathsig", "KILL", "--", "unshare", "--net", "--mount", "--pid", "--ipc", "--fork", "--kill-child", "--mount-proc", "--",
               sys.executable, "-m", "runner.scenario", name, output]
    child = subprocess.Popen(command, cwd=LIVE, start_new_session=True, env={**os.environ, "GREGOR": os.path.abspath(gregor()), "LIVE_BUILD": BUILD,
                                                     "PYTHONDONTWRITEBYTECODE": "1"})
    problem = None
    try:
        child.wait(LIMIT)
    except subprocess.TimeoutExpired:
        problem = f"not done after {LIMIT} s"
    finally:
        child.kill()
        child.wait()
        remove_cgroups()
        shutil.rmtree(f"{folder}/claims", ignore_errors=True)
        shutil.rmtree(f"{folder}/pods", ignore_errors=True)
    if os.path.exists(output):
        with open(output) as f:
            return json.load(f)
    return {**failed, "problems": [problem or f"the runner ended with {child.returncode}"]}


def print_table(results, seconds):
    heads = ("scenario", "pods", "ready (s)", "messages", "verdict")
    lines = [(r["scenario"], str(r["pods"]), str(r["ready"]), str(r["messages"]), "FAILED" if r["problems"] else "passed")
             for r in results]
    widths = [max(len(row[i]) for row in [heads, *lines]) for i in range(len(heads))]
    print()
    for row in [heads, *lines]:
        print("  ".join(cell.ljust(w) for cell, w in zip(row, widths)).rstrip())
    print_faults(results)
    for r in results:
        for problem in r["problems"]:
            print(f"{r['scenario']}: {problem}")
    failed = sum(1 for r in results if r["problems"])
    print(f"{seconds:.0f} s\n{len(results) - failed} passed, {failed} failed")


def print_faults(results):
    """One line a fault: how long until all was well, the longest wait for an acknowledgement, and what samples saw."""
    heads = ("scenario", "fault", "over (s)", "acked", "lost", "longest gap (s)", "samples", "below min ISR")
    keys = ("name", "seconds", "acked", "lost", "gap", "samples", "under_minimum")
    lines = [(r["scenario"], *(str(f.get(k, "-")) for k in keys)) for r in results for f in r["faults"]]
    if not lines:
        return
    widths = [max(len(row[i]) for row in [heads, *lines]) for i in range(len(heads))]
    print()
    for row in [heads, *lines]:
        print("  ".join(cell.ljust(w) for cell, w in zip(row, widths)).rstrip())


def print_fields():
    """The table of fields for README.md."""
    print("| part or kind | fields | what the runner does |\n| --- | --- | --- |")
    for part, fields, how in rows():
        print(f"| {part} | {fields} | {how} |")


def main():
    known = table()
    parser = argparse.ArgumentParser(prog="live", description="Runs what the compiler emits.")
    parser.add_argument("scenario", nargs="*", help=f"of: {', '.join(known)}")
    parser.add_argument("--group", help="only the scenarios of this group (ci)")
    parser.add_argument("--fields", action="store_true", help="print the table of known fields")
    options = parser.parse_args()
    if options.fields:
        return print_fields()
    names = options.scenario or [n for n in known if options.group in (None, *known[n].get("groups", []))]
    unknown = [n for n in names if n not in known]
    if unknown:
        sys.exit(f"no scenario is called {', '.join(unknown)}; there are {', '.join(known)}")
    for number in (signal.SIGTERM, signal.SIGINT):
        signal.signal(number, lambda n, _: sys.exit(128 + n))
    try:
        software.require(gregor())
        software.client_classes()
    except (Failed, Unknown) as e:
        sys.exit(f"live: {e}")
    remove_cgroups()
    begun, results = time.monotonic(), []
    for name in names:
        print(f"{name}: {known[name]['about']}", flush=True)
        results.append(run_scenario(name))
    print_table(results, time.monotonic() - begun)
    sys.exit(1 if any(r["problems"] for r in results) else 0)


if __name__ == "__main__":
    main()
