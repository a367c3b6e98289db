"""Volumes as kubelet makes them: folders on the machine that containers mount."""
import base64
import os
import shutil
import time

from .objects import Unknown
from .system import Failed, quantity, run


def field(pod, path, container=None):
    """A fieldRef: what the downward API says about a pod."""
    simple = {"metadata.name": pod.name, "metadata.namespace": pod.namespace, "metadata.uid": pod.uid,
              "spec.nodeName": pod.node.name, "spec.serviceAccountName": pod.spec.get("serviceAccountName", "default"),
              "status.podIP": pod.ip, "status.podIPs": pod.ip, "status.hostIP": pod.node.address}
    if path in simple:
        return simple[path]
    for kind, values in (("labels", pod.labels), ("annotations", pod.annotations)):
        start = f"metadata.{kind}['"
        if path.startswith(start) and path.endswith("']"):
            return values.get(path[len(start):-2], "")
        if path == f"metadata.{kind}":
            return "".join(f'{k}="{v}"\n' for k, v in sorted(values.items()))
    raise Unknown(f"fieldPath {path}")


def content(obj):
    """The bytes behind each key of a ConfigMap or Secret."""
    files = {k: base64.b64decode(v) for k, v in (obj.get("binaryData") or {}).items()}
    for key, value in (obj.get("data") or {}).items():
        files[key] = base64.b64decode(value) if obj["kind"] == "Secret" else value.encode()
    files.update({k: v.encode() for k, v in (obj.get("stringData") or {}).items()})
    return files


class Volumes:
    """The volumes of one pod. `path(name)` is the folder of each; claims outlive the pod, the rest goes with it."""

    def __init__(self, store, pod, claims_folder, images):
        self.store, self.pod, self.images = store, pod, images
        self.claims_folder = claims_folder
        self.security = pod.spec.get("securityContext", {})
        self.paths, self.specs = {}, {}

    def prepare(self):
        for volume in self.pod.spec.get("volumes", []):
            self.specs[volume["name"]] = volume
        for volume in self.specs.values():
            self.paths[volume["name"]] = self.make(volume)

    def make(self, volume):
        kind = next(k for k in volume if k != "name")
        folder = os.path.join(self.pod.folder, "volumes", volume["name"])
        if kind == "persistentVolumeClaim":
            return self.claim(volume[kind]["claimName"])
        if kind == "image":
            return self.images.find(volume[kind]["reference"]).volume_folder()
        os.makedirs(folder, exist_ok=True)
        if kind == "emptyDir":
            self.scratch(folder, volume[kind] or {})
        else:
            self.fill(folder, volume)
        return folder

    def scratch(self, folder, spec):
        if spec.get("medium") == "Memory":
            size = int(quantity(spec.get("sizeLimit", "1Gi")))
            run("mount", "-t", "tmpfs", "-o", f"size={size}", "tmpfs", folder)
        self.own(folder, 0o777)

    def own(self, folder, mode):
        """Group and set-group-id bit as fsGroup demands."""
        group = self.security.get("fsGroup")
        if group is not None:
            os.chown(folder, 0, group)
            mode |= 0o2770
        os.chmod(folder, mode)

    def claim(self, name):
        """A folder that looks like a fresh file system the first time."""
        folder = os.path.join(self.claims_folder, self.pod.namespace, name)
        if not os.path.isdir(folder):
            os.makedirs(folder)
            os.mkdir(f"{folder}/lost+found", 0o700)
        self.own(folder, 0o755)
        return folder

    # ---- files from objects --------------------------------------------------------------------------------------------

    def fill(self, folder, volume):
        """Writes a ConfigMap, Secret, projected or downward volume so that all its files change at once."""
        files = self.files(volume)
        stamp = f"..{time.time_ns()}"
        os.mkdir(os.path.join(folder, stamp))
        for path, (data, mode) in files.items():
            target = os.path.join(folder, stamp, path)
            os.makedirs(os.path.dirname(target), exist_ok=True)
            with open(target, "wb") as f:
                f.write(data)
            self.own_file(target, mode)
        old = os.readlink(f"{folder}/..data") if os.path.islink(f"{folder}/..data") else None
        os.symlink(stamp, f"{folder}/..new")
        os.rename(f"{folder}/..new", f"{folder}/..data")
        tops = {path.split("/")[0] for path in files}
        for top in tops:
            if not os.path.islink(f"{folder}/{top}"):
                os.symlink(f"..data/{top}", f"{folder}/{top}")
        for name in os.listdir(folder):
            if not name.startswith("..") and name not in tops:
                os.unlink(f"{folder}/{name}")
        if old:
            shutil.rmtree(f"{folder}/{old}")

    def own_file(self, path, mode):
        group = self.security.get("fsGroup")
        os.chmod(path, mode | (0o440 if group is not None else 0))
        if group is not None:
            os.chown(path, 0, group)

    def files(self, volume):
        kind = next(k for k in volume if k != "name")
        spec = volume[kind]
        sources = spec["sources"] if kind == "projected" else [{kind: spec}]
        default, found = spec.get("defaultMode", 0o644), {}
        for source in sources:
            kind, part = next(iter(source.items()))
            for path, (data, mode) in self.source(kind, part).items():
                found[path] = data, default if mode is None else mode
        return found

    def source(self, kind, part):
        if kind == "downwardAPI":
            return {i["path"]: (field(self.pod, i["fieldRef"]["fieldPath"]).encode(), i.get("mode")) for i in part["items"]}
        if kind == "serviceAccountToken":
            return {part["path"]: (b"not a token\n", None)}
        name = part.get("name") or part["secretName"]
        obj = self.store.get("ConfigMap" if kind == "configMap" else "Secret", self.pod.namespace, name)
        if obj is None and part.get("optional"):
            return {}
        if obj is None:
            raise Failed(f"{kind} '{name}' is not there")
        have = content(obj)
        if "items" not in part:
            return {key: (data, None) for key, data in have.items()}
        missing = [i["key"] for i in part["items"] if i["key"] not in have]
        if missing and not part.get("optional"):
            raise Failed(f"{kind} '{name}' has no key {missing[0]}")
        return {i["path"]: (have[i["key"]], i.get("mode")) for i in part["items"] if i["key"] in have}

    def refresh(self):
        """What kubelet does about once a minute: files follow their objects. Mounts of a subPath do not."""
        for name, volume in self.specs.items():
            if any(k in volume for k in ("configMap", "secret", "projected", "downwardAPI")):
                current = {p: self.read(name, p) for p in self.files(volume)}
                if current != {p: d for p, (d, _) in self.files(volume).items()}:
                    self.fill(self.paths[name], volume)

    def read(self, name, path):
        try:
            with open(f"{self.paths[name]}/{path}", "rb") as f:
                return f.read()
        except OSError:
            return None

    # ---- mounts of a container ------------------------------------------------------------------------------------------

    def mounts(self, container, expand):
        """[{source, target, read_only}], outer folders first, as the container runtime sorts them."""
        found = []
        for m in container.get("volumeMounts", []):
            if m["name"] not in self.paths:
                raise Failed(f"volume '{m['name']}' is not in the pod")
            below = expand(m["subPathExpr"]) if m.get("subPathExpr") else m.get("subPath")
            source = self.paths[m["name"]] if not below else self.below(m["name"], below)
            always = set(self.specs[m["name"]]) & {"configMap", "secret", "projected", "downwardAPI", "image"}
            found.append({"source": source, "target": m["mountPath"].rstrip("/"),
                          "read_only": bool(m.get("readOnly") or always)})
        return sorted(found, key=lambda m: m["target"].count("/"))

    def below(self, name, path):
        """A subPath. A folder of a claim is made as kubelet makes it; a file that is not there cannot be meant."""
        full = os.path.realpath(os.path.join(self.paths[name], path))
        if ".." in path.split("/") or not full.startswith(os.path.realpath(self.paths[name])):
            raise Failed(f"subPath '{path}' leaves its volume")
        if not os.path.exists(full):
            if not set(self.specs[name]) & {"persistentVolumeClaim", "emptyDir"}:
                raise Failed(f"volume '{name}' has no file '{path}'")
            os.makedirs(full)
            self.own(full, 0o750)
        return full

    def remove(self):
        for name, volume in self.specs.items():
            if (volume.get("emptyDir") or {}).get("medium") == "Memory":
                run("umount", self.paths[name], check=False)
