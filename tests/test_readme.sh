#!/bin/bash
# README.md: the pages of a section are files, its commands run one after the other, and each prints what stands below it.
# tests/test_readme.sh path/to/gregor. What needs a cluster (kubectl), and what only points somewhere, is passed over.
GREGOR=$(realpath "${1:-${GREGOR:?path of gregor}}")
README=$(realpath "$(dirname "$0")/../README.md")
type -P python3 >/dev/null || { echo "python3 is not here"; exit 77; }
WORK=$(mktemp -d)
trap 'rm -rf "$WORK"' EXIT
export LC_ALL=C NO_COLOR= SOURCE_DATE_EPOCH=1795176000 PATH=$WORK/bin:$PATH
mkdir "$WORK/bin" "$WORK/page" && ln -s "$GREGOR" "$WORK/bin/gregor" && cd "$WORK/page" || exit 1
exec python3 - "$README" <<'END'
import os, re, subprocess, sys

text = open(sys.argv[1], encoding="utf-8").read()
passed = failed = 0
SMALLEST = "gregor: 1\nname: %s\nkafka: {version: 4.3.1}\n"
PASSED_OVER = ["kubectl", "gregor explain E0394", "-f staging.yaml"]

def change(*pairs):
    def edit():
        page = open("orders.yaml").read()
        for old, new in pairs:
            page = re.sub(old, new, page)
        open("orders.yaml", "w").write(page)
    return edit

def add(name, cluster):
    return lambda: open(name, "w").write(SMALLEST % cluster)

# What the text between two blocks tells the reader to do: section -> [(before the first command from here on that begins so, what)].
EDITS = {
    "Five minutes": [
        ("gregor check", lambda: None),
        ("gregor check", change(("partitons", "partitions"), ("500GB", "500Gi"))),
        ("gregor build orders.yaml | grep", change((", min.insync.replicas: 3", ""), ("host: kafka.example.com", 'host: "b{id}.kafka.example.com"'))),
        ("gregor build -d rendered", add("dev.yaml", "dev"))],
    "Securing a cluster": [("gregor pki", change((r"(?m)^tls:.*", "tls: generated")))],
    "Your site's rules": [],
    "In review and CI": [("gregor build minimal.yaml", add("minimal.yaml", "orders"))],
}

def write(page):
    """The first comment of a page is its name."""
    named = re.match(r"(?:#|--) (\S+\.(?:yaml|lua))", page)
    name = named.group(1) if named else "orders.yaml"
    os.makedirs(os.path.dirname(name) or ".", exist_ok=True)
    open(name, "w", encoding="utf-8").write(page)

def run(command, wanted):
    global passed, failed
    done = subprocess.run(["bash", "-c", command], stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True)
    said = re.sub(r'"?\b[0-9a-f]{64}\b"?', "...", done.stdout)
    if said == wanted:
        passed += 1
    else:
        failed += 1
        print(f"FAILED $ {command}\n--- README\n{wanted}--- now\n{said}")

def play(section, edits):
    body = re.search(rf"^## {section}$(.*?)^## ", text, re.S | re.M).group(1)
    for kind, block in re.findall(r"^```(\w+)\n(.*?)^```", body, re.S | re.M):
        if kind in ("yaml", "lua") and not block.startswith("# .github"):
            write(block)
        for command, wanted in re.findall(r"^\$ ((?:.*\\\n)*.*)\n((?:(?!\$ ).*\n)*)", block, re.M) if kind == "console" else []:
            if any(words in command for words in PASSED_OVER):
                continue
            if edits and command.startswith(edits[0][0]):
                edits.pop(0)[1]()
            run(command, wanted)
    if edits:
        raise ValueError(f"{section}: nothing begins with '{edits[0][0]}'")

for section, edits in EDITS.items():
    os.makedirs(section)
    os.chdir(section)
    play(section, edits)
    os.chdir("..")
print(f"test_readme: {passed} passed, {failed} failed")
sys.exit(failed > 0 or passed < 20)
END
