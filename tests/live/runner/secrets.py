"""Secrets that manifests mount and do not hold: the site's, in real life. Made here with openssl, anew for each run.

A certificate for each name that ends in -tls, of one authority, with the names that the pods have behind their Services; a JAAS
file with a random password for a ZooKeeper login."""
import base64
import os
import secrets

from .objects import matches
from .system import Failed, run

PEM = {"tls.crt": "{0}.crt", "tls.key": "{0}.key", "tls-combined.pem": "{0}.pem", "ca.crt": "ca.crt"}
MODULE = "org.apache.zookeeper.server.auth.DigestLoginModule required"
KEY = ("-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:P-256", "-nodes")


def mounted(manifests):
    """{name: the template whose pods mount it} of all Secrets that pods cannot do without."""
    found = {}
    for obj in manifests:
        template = obj.get("spec", {}).get("template") if obj["kind"] in ("StatefulSet", "Deployment", "Job") else None
        for volume in (template or {"spec": {}})["spec"].get("volumes", []):
            secret = volume.get("secret", {})
            if secret and not secret.get("optional"):
                found[secret["secretName"]] = template
    return found


class Site:
    """What exists beside the manifests."""

    def __init__(self, folder):
        self.folder, self.made = f"{folder}/site", {}

    def secrets(self, manifests):
        """The Secrets that these manifests need and lack; the same ones for the whole run."""
        there = {o["metadata"]["name"] for o in manifests if o["kind"] == "Secret"}
        for name, template in mounted(manifests).items():
            if name not in there and name not in self.made:
                self.made[name] = self.make(name, template, manifests)
        return [o for name, o in self.made.items() if name not in there]

    def make(self, name, template, manifests):
        space = next(o["metadata"]["namespace"] for o in manifests if o["kind"] == "StatefulSet")
        if name.endswith("-zookeeper-login"):
            data = {"jaas.conf": self.login()}
        elif name.endswith("-tls"):
            data = self.certificate(name, template["metadata"]["labels"], manifests, space)
        else:
            raise Failed(f"nobody made the Secret '{name}'")
        data = {key: base64.b64encode(text.encode()).decode() for key, text in data.items()}
        return {"apiVersion": "v1", "kind": "Secret", "metadata": {"name": name, "namespace": space}, "data": data}

    @staticmethod
    def login():
        password = secrets.token_urlsafe(24)
        return (f'Server {{\n  {MODULE}\n  user_kafka="{password}";\n}};\n'
                f'Client {{\n  {MODULE}\n  username="kafka"\n  password="{password}";\n}};\n')

    def certificate(self, name, labels, manifests, space):
        files = f"{self.folder}/{name}"
        if not os.path.isdir(self.folder):
            os.makedirs(self.folder)
            run("openssl", "req", "-x509", *KEY, "-days", "2", "-subj", "/CN=site", "-keyout", f"{self.folder}/ca.key",
                "-out", f"{self.folder}/ca.crt")
        names = ",".join(f"DNS:{n}" for n in self.names(labels, manifests, space))
        run("openssl", "req", *KEY, "-subj", f"/CN={labels['app.kubernetes.io/instance']}", "-keyout", f"{files}.key",
            "-out", f"{files}.csr", "-addext", f"subjectAltName={names}", "-addext", "extendedKeyUsage=serverAuth,clientAuth")
        run("openssl", "x509", "-req", "-in", f"{files}.csr", "-days", "2", "-copy_extensions", "copy", "-CAcreateserial",
            "-CA", f"{self.folder}/ca.crt", "-CAkey", f"{self.folder}/ca.key", "-out", f"{files}.crt")
        with open(f"{files}.pem", "w") as f:
            f.write(open(f"{files}.key").read() + open(f"{files}.crt").read())
        return {key: open(f"{self.folder}/{path.format(name)}").read() for key, path in PEM.items()}

    @staticmethod
    def names(labels, manifests, space):
        """Every name that such a pod has behind a Service, and those of the Services."""
        for service in (o for o in manifests if o["kind"] == "Service"):
            if matches({"matchLabels": service["spec"].get("selector", {})}, labels):
                name = f"{service['metadata']['name']}.{space}.svc"
                yield from (service["metadata"]["name"], name, f"{name}.cluster.local", f"*.{name}", f"*.{name}.cluster.local")
