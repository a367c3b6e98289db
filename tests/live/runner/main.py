"""`make live`: every scenario in turn, each in namespaces of its own, and the table at the end."""
import argparse
import json
import os
import shutil
import signal
import subprocess
import sys
import tempfile
import threading
import time
from concurrent.futures import ThreadPoolExecutor

from . import secured, software
from .objects import Unknown, rows
from .scenario import builds, gregor, step_parts, table
from .software import Images
from .system import BUILD, LIVE, Failed, remove_cgroups

LIMIT = 900
PREPARING = threading.Lock()  # one at a time fetches and compiles
RUNNING = set()


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
    images, folder = Images(), f"{BUILD}/run/{name}"
    secured.make(table()[name], table()[name].get("description", name), gregor(), folder)
    for manifests in [*builds(name, folder), secured.objects(folder)]:
        for reference in images_of(manifests):
            images.find(reference)


def start(name, output, log):
    """Starts a scenario in namespaces of its own; it dies with this thread, and everything inside dies with it."""
    spaces = ["unshare", "--net", "--mount", "--pid", "--ipc", "--fork", "--kill-child", "--mount-proc", "--"]
    runner = [sys.executable, "-m", "runner.scenario", name, output]
    settings = {"GREGOR": os.path.abspath(gregor()), "LIVE_BUILD": BUILD, "LIVE_SCENARIO": name, "PYTHONDONTWRITEBYTECODE": "1"}
    return subprocess.Popen(["setpriv", "--pdeathsig", "KILL", "--", *spaces, *runner], cwd=LIVE, start_new_session=True,
                            stdout=log, stderr=log, env={**os.environ, **settings})


def limit(name):
    """Seconds that a scenario may take."""
    return table()[name].get("limit", LIMIT)


def wait(child, name, folder):
    """Waits for the scenario's end, or ends it; returns what went wrong."""
    try:
        RUNNING.add(child)
        child.wait(limit(name))
        return f"the runner ended with {child.returncode}"
    except subprocess.TimeoutExpired:
        return f"not done after {limit(name)} s"
    finally:
        child.kill()
        child.wait()
        RUNNING.discard(child)
        remove_cgroups(name)
        for part in ("claims", "pods"):
            shutil.rmtree(f"{folder}/{part}", ignore_errors=True)


def run_scenario(name, log=None):
    """Returns the scenario's row; a run that dies has one too. What it says goes to `log`, or where ours goes."""
    folder, output = f"{BUILD}/run/{name}", f"{BUILD}/run/{name}.json"
    shutil.rmtree(folder, ignore_errors=True)
    os.makedirs(folder)
    if os.path.exists(output):
        os.unlink(output)
    try:
        with PREPARING:
            prepare(name)
        problem = wait(start(name, output, log), name, folder)
    except (Failed, Unknown) as e:
        problem = str(e)
    if os.path.exists(output):
        with open(output) as f:
            return json.load(f)
    return {"scenario": name, "pods": 0, "ready": None, "messages": 0, "faults": [], "problems": [problem]}


def run_aside(name, about):
    """The same beside others: what it says is printed when it is done."""
    with tempfile.TemporaryFile("w+") as log:
        row = run_scenario(name, log)
        log.seek(0)
        print(f"{name}: {about}\n{log.read()}", end="", flush=True)
    return row


def length(scenario):
    """About how long it takes: what replaces pods one after the other, beside a step of any other kind."""
    return sum({"change": 5, "certificates": 8}.get(step_parts(step)[0], 1) for step in scenario["steps"])


def run_all(known, names, jobs):
    """The rows, in the order of the names. Most of a scenario is waiting: two at a time use two processors well, long ones first."""
    if jobs == 1 or len(names) == 1:
        for name in names:
            print(f"{name}: {known[name]['about']}", flush=True)
            yield run_scenario(name)
        return
    order = sorted(names, key=lambda n: -length(known[n]))
    with ThreadPoolExecutor(jobs) as pool:
        rows_of = {n: pool.submit(run_aside, n, known[n]["about"]) for n in order}
        try:
            yield from [rows_of[n].result() for n in names]
        except BaseException:
            pool.shutdown(wait=False, cancel_futures=True)
            for child in list(RUNNING):
                child.kill()
            raise


def print_rows(heads, lines):
    widths = [max(len(row[i]) for row in [heads, *lines]) for i in range(len(heads))]
    print()
    for row in [heads, *lines]:
        print("  ".join(cell.ljust(w) for cell, w in zip(row, widths)).rstrip())


def print_results(results, seconds):
    """A line a scenario; a line a fault: how long until all was well, the longest wait for an acknowledgement, what samples saw."""
    print_rows(("scenario", "pods", "ready (s)", "messages", "faults", "verdict"),
               [(r["scenario"], str(r["pods"]), str(r["ready"]), str(r["messages"]), str(len(r["faults"])),
                 "FAILED" if r["problems"] else "passed") for r in results])
    keys = ("name", "seconds", "acked", "lost", "gap", "samples", "under_minimum")
    faults = [(r["scenario"], *(str(f.get(k, "-")) for k in keys)) for r in results for f in r["faults"]]
    if faults:
        print_rows(("scenario", "fault", "over (s)", "acked", "lost", "longest gap (s)", "samples", "below min ISR"), faults)
    for r in results:
        for problem in r["problems"]:
            print(f"{r['scenario']}: {problem}")
    failed = sum(1 for r in results if r["problems"])
    print(f"{seconds:.0f} s\n{len(results) - failed} passed, {failed} failed")


def print_fields():
    """The table of fields for README.md."""
    print("| part or kind | fields | what the runner does |\n| --- | --- | --- |")
    for part, fields, how in rows():
        print(f"| {part} | {fields} | {how} |")


def main():
    known = table()
    parser = argparse.ArgumentParser(prog="live", description="Runs what the compiler emits.")
    parser.add_argument("scenario", nargs="*", help=f"of: {', '.join(known)}")
    parser.add_argument("--group", help="only the scenarios of this group (core, security, ci)")
    parser.add_argument("--jobs", type=int, default=2, help="scenarios at a time (2)")
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
    begun = time.monotonic()
    results = list(run_all(known, names, options.jobs))
    print_results(results, time.monotonic() - begun)
    sys.exit(1 if any(r["problems"] for r in results) else 0)


if __name__ == "__main__":
    main()
