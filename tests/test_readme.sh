#!/bin/bash
# README.md, "Securing a cluster": its pages are files, its commands run one after the other, and each prints what stands below it.
# tests/test_readme.sh path/to/gregor. What needs a cluster (kubectl) is passed over.
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
section = re.search(r"^## Securing a cluster$(.*?)^## ", text, re.S | re.M).group(1)
passed = failed = 0

def write(page):
    """The first comment of a page is its name."""
    name = re.match(r"# (\S+)", page).group(1)
    os.makedirs(os.path.dirname(name) or ".", exist_ok=True)
    open(name, "w", encoding="utf-8").write(page)

def run(command, wanted):
    global passed, failed
    if command.startswith("gregor pki"):  # "With `tls: generated` in that page"
        page = open("orders.yaml").read()
        open("orders.yaml", "w").write(re.sub(r"(?m)^tls:.*", "tls: generated", page))
    done = subprocess.run(["bash", "-c", command], stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True)
    if done.stdout == wanted:
        passed += 1
    else:
        failed += 1
        print(f"FAILED $ {command}\n--- README\n{wanted}--- now\n{done.stdout}")

for kind, body in re.findall(r"^```(\w+)\n(.*?)^```", section, re.S | re.M):
    if kind == "yaml":
        write(body)
        continue
    for command, wanted in re.findall(r"^\$ ((?:.*\\\n)*.*)\n((?:(?!\$ ).*\n)*)", body, re.M):
        if "kubectl" not in command:
            run(command, wanted)
print(f"test_readme: {passed} passed, {failed} failed")
sys.exit(failed > 0 or passed < 10)
END
