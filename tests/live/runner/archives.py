"""Class data archives (JEP 350): the apache/kafka image is built with one, so that its JVM starts without reading jars class by class.

The archive of a release is what a broker and controller of it loads from its start until it serves; made once, in the image itself,
because an archive is good only for the class path that it was made with."""
import json
import os
import shutil
import tempfile

from .system import HERE, PYTHON, Failed, run

TRAINING = r"""
printf '%s\n' process.roles=broker,controller node.id=1 controller.quorum.voters=1@localhost:9093 controller.listener.names=CONTROLLER \
    listeners=PLAINTEXT://localhost:9092,CONTROLLER://localhost:9093 \
    listener.security.protocol.map=CONTROLLER:PLAINTEXT,PLAINTEXT:PLAINTEXT log.dirs=/tmp/data >/tmp/server.properties
/opt/kafka/bin/kafka-storage.sh format --cluster-id MkU3OEVBNTcwNTJENDM2Qg --config /tmp/server.properties
export KAFKA_HEAP_OPTS=-Xmx320m KAFKA_JVM_PERFORMANCE_OPTS="-XX:+UseG1GC -XX:ArchiveClassesAtExit=/made/kafka.jsa"
/opt/kafka/bin/kafka-server-start.sh /tmp/server.properties &
for ((i = 0; i < 300; i++)); do
    (exec 3<>/dev/tcp/localhost/9092) 2>/dev/null && break
    sleep 0.2
done
kill $!
wait $!
test -s /made/kafka.jsa
"""


def make(image, machine, folder):
    """Puts kafka.jsa into `folder`, the place of /opt/kafka in a layer of the image."""
    with tempfile.TemporaryDirectory() as work:
        made, scratch, spec = (f"{work}/{name}" for name in ("made", "scratch", "spec"))
        os.mkdir(made)
        os.mkdir(scratch)
        with open(spec, "w") as f:
            json.dump({"argv": ["bash", "-c", TRAINING], "env": image.env, "uid": 0, "gid": 0, "groups": [], "cwd": "/", "cgroups": [],
                       "layers": image.layers, "machine": machine, "scratch": scratch, "read_only_root": False,
                       "mounts": [{"source": made, "target": "/made", "read_only": False}]}, f)
        try:
            run("unshare", "--net", "--mount", "--", "sh", "-c", 'ip link set lo up && exec "$@"', "-",
                *PYTHON, os.path.join(HERE, "shim.py"), "run", spec)
        except Failed as e:
            raise Failed(f"no class data archive: {str(e)[-600:]}")
        shutil.copy(f"{made}/kafka.jsa", f"{folder}/kafka.jsa.new")
        os.chmod(f"{folder}/kafka.jsa.new", 0o444)
        os.rename(f"{folder}/kafka.jsa.new", f"{folder}/kafka.jsa")
