"""The library for hooks, stdlib/lua: its reference and its examples, both out of the comments.

  stdlib.py reference            prints stdlib/lua/README.md
  stdlib.py examples GREGOR      runs every example as a hook of its own

A function is documented by the comment above it. "-- Example:" begins lines of Lua that run as a hook of the object StatefulSet/orders-broker,
or of the one named behind the colon, with all modules at hand; "-- Fails: text" says that the build is refused with that text, "-- Warns: text" that it warns with it."""
import os
import re
import subprocess
import sys
import tempfile

HERE = os.path.join(os.path.dirname(os.path.dirname(os.path.abspath(__file__))), "stdlib", "lua")
DESCRIPTION = "gregor: 1\nname: orders\nkafka: {version: 4.3.1}\nbrokers: {count: 3, storage: 100Gi}\ncontrollers: {count: 3, storage: 10Gi}\n"
HEAD = """# Modules for hooks

Made from the comments of the files here (`make reference`); every example runs in `make test`. `require "name"` gives a module;
`gregor explain hooks` tells what a hook is. `obj` is an object or, where the text says so, the workload that makes a pod.
"""


def modules():
    return sorted(f[:-4] for f in os.listdir(HERE) if f.endswith(".lua"))


def functions(name):
    """(call, text, object of the example, lines of the example, whether it fails, what is said) of each function."""
    with open(f"{HERE}/{name}.lua") as f:
        source = f.read()
    for comment, call in re.findall(r"^((?:--.*\n)+)function (\S+\(.*\))$", source, re.M):
        lines = [re.sub("^-- ?", "", line) for line in comment.splitlines()]
        at = next((i for i, line in enumerate(lines) if line.startswith("Example:")), len(lines))
        said = [line for line in lines if re.match("(Fails|Warns): ", line)]
        where = lines[at][8:].strip() or "StatefulSet/orders-broker" if at < len(lines) else None
        example = [re.sub("^  ", "", line) for line in lines[at + 1:] if line not in said]
        yield call, " ".join(lines[:at]), where, example, bool(said) and said[0][0] == "F", said[0][7:] if said else ""
    for call in re.findall(r"^function (\S+\(.*\))$", source, re.M):
        if f"\nfunction {call}" in source and not re.search(r"--.*\nfunction " + re.escape(call), source):
            raise SystemExit(f"{name}.lua: {call} has no comment")


def title(name):
    with open(f"{HERE}/{name}.lua") as f:
        return re.match(r"((?:-- .*\n)+)", f.read())[1].replace("-- ", "").replace("\n", " ").strip()


def reference():
    out = [HEAD]
    for name in modules():
        out.append(f"\n## {title(name)}\n")
        for call, text, _, example, _, _ in functions(name):
            out.append(f"\n**`{call}`** {text}\n```lua\n" + "\n".join(example) + "\n```\n")
    return "".join(out)


def hook(where, example):
    kind, name = where.split("/")
    needs = "".join(f'local {m} = require "{m}"\n' for m in modules())
    body = "".join(f"    {line}\n" for line in example)
    return f'{needs}return {{ api = 1, object = {{ kind = "{kind}", name = "{name}", run = function(obj, plan)\n{body}  end }} }}\n'


def run(gregor, folder, call, where, example, fails, said):
    """What is wrong with the example, or None."""
    if not example:
        return f"{call} has no example"
    with open(f"{folder}/example.lua", "w") as f:
        f.write(hook(where, example))
    with open(f"{folder}/orders.yaml", "w") as f:
        f.write(DESCRIPTION)
    done = subprocess.run([gregor, "build", "--hook", "example.lua", "orders.yaml"], cwd=folder, capture_output=True, text=True)
    if (done.returncode != 0) != fails or said not in done.stderr or (done.stderr != "") != (said != ""):
        return f"{call}: exit {done.returncode}\n{done.stderr}"
    return None


def examples(gregor):
    passed = failed = 0
    with tempfile.TemporaryDirectory() as folder:
        for name in modules():
            for call, _, where, example, fails, said in functions(name):
                problem = run(gregor, folder, call, where, example, fails, said)
                passed, failed = passed + (problem is None), failed + (problem is not None)
                if problem:
                    print(f"FAILED {problem}")
    with open(f"{HERE}/README.md") as f:
        current = f.read() == reference()
    if not current:
        print("FAILED stdlib/lua/README.md is not what the comments say: make reference")
    print(f"test_stdlib: {passed + current} passed, {failed + (not current)} failed")
    return failed == 0 and current


if __name__ == "__main__":
    if sys.argv[1:] == ["reference"]:
        print(reference(), end="")
    else:
        sys.exit(0 if examples(os.path.realpath(sys.argv[2])) else 1)
