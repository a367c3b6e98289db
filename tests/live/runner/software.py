"""The software: root folders in place of images. Jars come from Maven through the pinned poms in ../software, once."""
import glob
import os
import re
import shutil

from . import archives
from .objects import Unknown
from .system import BUILD, LIVE, Failed, run

# What a small image has: bash and the usual tools. What is not here is not in the pods, whatever the machine has.
TOOLS = """bash sh env cat cp mv rm ls ln mkdir rmdir touch chmod chown stat head tail cut tr sort uniq wc tee printf echo test [
    true false sleep date id whoami hostname uname basename dirname readlink realpath mktemp expr seq grep egrep fgrep sed awk
    find xargs od base64 md5sum sha256sum tar gzip gunzip kill ps df du sync timeout nohup which""".split()
ACCOUNTS = {
    "passwd": "root:x:0:0:root:/root:/bin/sh\nappuser:x:1000:1000:,,,:/home/appuser:/bin/ash\nnobody:x:65534:65534::/:/bin/false\n",
    "group": "root:x:0:\nappuser:x:1000:\nnogroup:x:65533:\n",
    "nsswitch.conf": "passwd: files\ngroup: files\nhosts: files dns\n",
}
JAVA = "/opt/java/openjdk"
NEEDED = {"java": "default-jre-headless", "javac": "default-jdk-headless", "mvn": "maven", "nft": "nftables", "ip": "iproute2",
          "unshare": "util-linux", "nsenter": "util-linux", "setpriv": "util-linux", "kcat": "kcat", "openssl": "openssl",
          "krb5kdc": "krb5-kdc", "kadmin.local": "krb5-admin-server"}
CLIENT = "4.3.1"


def missing():
    """The Debian packages of commands that are not here."""
    return sorted({package for command, package in NEEDED.items() if shutil.which(command) is None})


def java_home():
    return os.path.dirname(os.path.dirname(os.path.realpath(shutil.which("java"))))


def fetch(name, version):
    """The folder with the jars of one release; Maven fills it the first time."""
    folder = f"{BUILD}/software/{name}-{version}"
    if os.path.isdir(folder):
        return folder
    pom = f"{LIVE}/software/{name}/pom.xml"
    if not os.path.exists(pom) or f"<id>{version}</id>" not in open(pom).read():
        raise Unknown(f"{name} {version}: no profile in {os.path.relpath(pom)}")
    print(f"fetching {name} {version}", flush=True)
    os.makedirs(f"{BUILD}/software", exist_ok=True)
    shutil.rmtree(f"{folder}.new", ignore_errors=True)
    run("mvn", "-q", "-B", "-f", pom, "-P", version, "dependency:copy-dependencies", f"-DoutputDirectory={folder}.new")
    os.rename(f"{folder}.new", folder)
    return folder


def base():
    """The lowest layer of every image: tools, accounts, and mount points for the machine's libraries and Java."""
    folder = f"{BUILD}/software/base"
    if os.path.isdir(folder):
        return folder
    new = f"{folder}.new"
    shutil.rmtree(new, ignore_errors=True)
    for path in ("usr/bin", "usr/lib", "etc", "tmp", "root", "home/appuser", "var/lib/kafka/data", "mnt/shared/config", "run",
                 "etc/kafka/secrets", "opt"):
        os.makedirs(f"{new}/{path}")
    os.chmod(f"{new}/tmp", 0o1777)
    for link, target in (("bin", "usr/bin"), ("lib", "usr/lib"), ("lib64", "usr/lib64"), ("sbin", "usr/bin")):
        os.symlink(target, f"{new}/{link}")
    for tool in TOOLS:
        found = shutil.which(tool)
        if found:
            shutil.copy(os.path.realpath(found), f"{new}/usr/bin/{tool}")
    for name, text in ACCOUNTS.items():
        with open(f"{new}/etc/{name}", "w") as f:
            f.write(text)
    os.rename(new, folder)
    return folder


def layer(name, version, place):
    """The jars of a release at `place` inside a folder that serves as a layer."""
    jars, folder = fetch(name, version), f"{BUILD}/software/layer-{name}-{version}"
    if not os.path.isdir(folder):
        os.makedirs(os.path.dirname(f"{folder}.new/{place}"), exist_ok=True)
        os.makedirs(f"{folder}.new/{place}", exist_ok=True)
        for jar in os.listdir(jars):
            os.link(f"{jars}/{jar}", f"{folder}.new/{place}/{jar}")
        os.rename(f"{folder}.new", folder)
    return folder


class Image:
    """Folders, topmost first, and what the image sets."""

    def __init__(self, layers, path="", user=0):
        self.layers, self.user = layers, user
        self.env = {"PATH": f"{path}{JAVA}/bin:/usr/local/bin:/usr/bin:/bin", "JAVA_HOME": JAVA, "LANG": "C.UTF-8"}

    @staticmethod
    def machine():
        """What images take from the machine: libraries, Java, and the configuration of Java."""
        binds = [["/usr/lib", "/usr/lib"], [java_home(), JAVA]]
        binds += [[d, d] for d in ("/usr/lib64", "/etc/ssl") + tuple(glob.glob("/etc/java-*-openjdk")) if os.path.isdir(d)]
        return [b for b in binds if not os.path.islink(b[0])]

    def volume_folder(self):
        return self.layers[0]


class Images:
    """Image references to root folders. The name decides what is inside, the tag which release."""

    def __init__(self):
        self.known = {}

    def find(self, reference):
        if reference not in self.known:
            self.known[reference] = self.make(reference)
        return self.known[reference]

    def make(self, reference):
        found = re.fullmatch(r"(?:.*/)?([a-z-]+):([0-9.]+)", reference)
        if found is None:
            raise Unknown(f"image '{reference}': neither a name nor a release is known")
        name, version = found.groups()
        if name == "kafka":
            return self.kafka(version)
        if name == "zookeeper":
            layers = [f"{LIVE}/image/zookeeper", layer("zookeeper", version, "opt/zookeeper/lib"), base()]
            return Image(layers, path="/opt/zookeeper/bin:", user="zookeeper")
        if name == "jmx-exporter":
            return Image([self.exporter(version), base()], user=1000)
        if name == "token-issuer":
            return Image([f"{LIVE}/image/token-issuer", self.program("/usr/bin/python3", "python3"), base()], user=1000)
        if name == "kdc":
            return Image([self.program("/usr/sbin/krb5kdc", "krb5-kdc"), base()], user=1000)
        raise Unknown(f"image '{reference}': the runner has no software for it")

    @staticmethod
    def kafka(version):
        release = layer("kafka", version, "opt/kafka/libs")
        image = Image([f"{LIVE}/image/kafka", release, base()], user="appuser")
        if not os.path.exists(f"{release}/opt/kafka/kafka.jsa"):
            print(f"archiving the classes of kafka {version}", flush=True)
            archives.make(image, Image.machine(), f"{release}/opt/kafka")
        return image

    @staticmethod
    def program(path, package):
        """A program of Debian's: its libraries are the machine's, as Java's are."""
        name = os.path.basename(path)
        folder = f"{BUILD}/software/layer-{name}"
        if not os.path.isdir(folder):
            if not os.path.exists(path):
                raise Failed(f"missing: {path}; as root: apt-get install {package}")
            os.makedirs(f"{folder}.new/usr/bin", exist_ok=True)
            shutil.copy(os.path.realpath(path), f"{folder}.new/usr/bin/{name}")
            os.rename(f"{folder}.new", folder)
        return folder

    @staticmethod
    def exporter(version):
        folder = layer("jmx-exporter", version, "opt/agent")
        for jar in glob.glob(f"{folder}/opt/agent/*.jar"):
            plain = f"{folder}/opt/agent/jmx_prometheus_javaagent.jar"
            if not os.path.exists(plain):
                os.link(jar, plain)
        return folder


def client_classes():
    """The class path of the load tool, compiled when its source is newer."""
    source, folder = f"{LIVE}/java/Live.java", f"{BUILD}/java"
    jars = fetch("kafka", CLIENT)
    built = f"{folder}/Live.class"
    if not os.path.exists(built) or os.path.getmtime(built) < os.path.getmtime(source):
        os.makedirs(folder, exist_ok=True)
        run("javac", "-nowarn", "-d", folder, "-cp", f"{jars}/*", source)
    return f"{folder}:{jars}/*"


def require(gregor):
    """Names everything that is missing, at once."""
    if not os.access(gregor, os.X_OK):
        raise Failed(f"{gregor} is not there: make all")
    gone = missing()
    if gone:
        raise Failed(f"missing: {' '.join(gone)}; as root: apt-get install {' '.join(gone)}")
    if os.geteuid() != 0:
        raise Failed("namespaces need root: run it as root, or with sudo")
