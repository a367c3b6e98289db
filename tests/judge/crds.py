"""crds.py: the CustomResourceDefinitions that a real cluster would have, made of published schemas.

The schemas are data that stands beside the project, one file a kind and version: apiVersion, kind, scope, schema.
"""
import glob
import json
import os
import time

ESTABLISHED_WITHIN = 60     # seconds

OPEN = {"type": "object", "x-kubernetes-preserve-unknown-fields": True}


def structural(schema):
    """The schema as apiextensions/v1 takes it: an object's fields are closed by listing them, never by additionalProperties."""
    if not isinstance(schema, dict):
        return schema
    out = {k: v for k, v in schema.items() if not (k == "additionalProperties" and v is False)}
    for inner in ("items", "additionalProperties"):
        if inner in out:
            out[inner] = structural(out[inner])
    if "properties" in out:
        out["properties"] = {name: structural(s) for name, s in out["properties"].items()}
    return out


def version(described, storage):
    schema = structural(described["schema"])
    schema["properties"].update(metadata={"type": "object"}, status=OPEN)
    name = described["apiVersion"].split("/")[1]
    return {"name": name, "served": True, "storage": storage, "schema": {"openAPIV3Schema": schema}}


def definition(versions):
    """One CustomResourceDefinition from the files of one kind; the first version is the stored one."""
    first = versions[0]
    group, kind = first["apiVersion"].split("/")[0], first["kind"]
    plural = kind.lower() + "s"
    return {
        "apiVersion": "apiextensions.k8s.io/v1", "kind": "CustomResourceDefinition",
        "metadata": {"name": f"{plural}.{group}",
                     "annotations": {"api-approved.kubernetes.io": "unapproved, a copy of the published schema"}},
        "spec": {"group": group, "scope": first["scope"],
                 "names": {"kind": kind, "plural": plural, "singular": kind.lower()},
                 "versions": [version(v, v is first) for v in versions]},
    }


def read(folder):
    """{(group, kind): [file, ...]}, the shortest version name first: v1 before v1beta1."""
    kinds = {}
    for path in sorted(glob.glob(os.path.join(folder, "*.json")), key=lambda p: (len(p), p)):
        with open(path) as f:
            described = json.load(f)
        kinds.setdefault((described["apiVersion"].split("/")[0], described["kind"]), []).append(described)
    return kinds


def create(servers, folder, wanted):
    """Makes the definitions of the `wanted` (group, kind) pairs that there are schemas of, and waits until they are served."""
    path = "/apis/apiextensions.k8s.io/v1/customresourcedefinitions"
    made = [definition(versions) for key, versions in read(folder).items() if key in wanted]
    for crd in made:
        status, answer, _ = servers.ask("POST", path, json.dumps(crd))
        if status != 201:
            raise ValueError(f"{crd['metadata']['name']}: {answer['message']}")
    end = time.monotonic() + ESTABLISHED_WITHIN
    while not all(is_served(servers, crd, v["name"]) for crd in made for v in crd["spec"]["versions"]):
        if time.monotonic() > end:
            raise ValueError(f"custom resources are not served after {ESTABLISHED_WITHIN} s")
        time.sleep(0.1)


def is_served(servers, crd, version):
    """Discovery comes last, after the paths work."""
    spec = crd["spec"]
    group = f"/apis/{spec['group']}/{version}"
    status, answer, _ = servers.ask("GET", group)
    return (status == 200 and any(r["kind"] == spec["names"]["kind"] for r in answer["resources"])
            and servers.ask("GET", f"{group}/{spec['names']['plural']}?limit=1")[0] == 200)
