"""Runs one scenario inside its own namespaces: started by main.py, which reads the result as JSON from a file."""
import collections
import fnmatch
import glob
import json
import os
import subprocess
import sys
import time
import traceback

import yaml

from . import load, secrets, secured
from .faults import Faults
from .objects import Unknown
from .system import BUILD, LIVE, ROOT, Failed, wait_until
from .world import World

READY_WITHIN, RATE, SIZE, MESSAGES = 300, 400, 200, 100000

# ZooKeeper's own client with the files that the broker has.
ASK_ZOOKEEPER = r"""
while IFS== read -r key value; do
  [[ $key != zookeeper.connect ]] || at=${value%%,*}
done </etc/kafka-node/server.properties
options=()
add() { [[ ! -e $1 ]] || options+=("${@:2}"); }
[[ $at != *:2182 ]] || add /etc/kafka-tls/ca.crt -Dzookeeper.client.secure=true -Dzookeeper.ssl.trustStore.type=PEM \
  -Dzookeeper.clientCnxnSocket=org.apache.zookeeper.ClientCnxnSocketNetty -Dzookeeper.ssl.trustStore.location=/etc/kafka-tls/ca.crt
if [[ $1 == login ]]; then
  add /etc/kafka-tls/tls-combined.pem -Dzookeeper.ssl.keyStore.location=/etc/kafka-tls/tls-combined.pem
  add /etc/zookeeper-login/jaas.conf -Djava.security.auth.login.config=/etc/zookeeper-login/jaas.conf
fi
exec java -Xmx64m "${options[@]}" -cp '/opt/kafka/libs/*' org.apache.zookeeper.ZooKeeperMain -server "$at" getAcl /brokers/ids/0
"""


def table():
    """All scenarios: {name: {about, description, nodes, zones, steps}}."""
    with open(f"{LIVE}/scenarios.yaml") as f:
        return yaml.safe_load(f)


def gregor():
    return os.environ.get("GREGOR") or f"{ROOT}/build/gregor"


def build(name, settings, run_folder):
    """The manifests of a committed description, with values over it."""
    words = [word for s in settings for word in ("--set", s)]
    command = [gregor(), "build", *words, *secured.sources(name, run_folder)]
    done = subprocess.run(command, text=True, capture_output=True)
    if done.returncode != 0:
        raise Failed(f"{' '.join(command)}:\n{done.stderr}")
    return [obj for obj in yaml.load_all(done.stdout, Loader=getattr(yaml, "CSafeLoader", yaml.SafeLoader)) if obj]


def builds(name, run_folder="nowhere"):
    """All manifests that a scenario will apply, compiled; without a run's folder there are no certificates to be checked."""
    about = table()[name]
    known = ["tls.source=existing"] if about.get("generated") and run_folder == "nowhere" else []
    return [build(about.get("description", name), known + settings, run_folder) for settings in stages(about["steps"])]


def step_parts(step):
    """A step is a word, or a map of one word to its arguments."""
    return (step, {}) if isinstance(step, str) else next(iter(step.items()))


def stages(steps):
    """The values set at the start and after each change, in order."""
    found = [[]]
    for step in steps:
        word, arguments = step_parts(step)
        if arguments and "set" in arguments:
            found.append(found[-1] + arguments["set"])
    return found


class Scenario:
    """One run. `result` is a row of the table."""

    def __init__(self, name):
        self.name, self.about = name, table()[name]
        self.description = self.about.get("description", name)
        self.folder = f"{BUILD}/run/{name}"
        self.settings, self.site = [], secrets.Site(self.folder)
        self.result = {"scenario": name, "pods": 0, "ready": None, "messages": 0, "faults": [], "problems": []}
        self.loads = 0
        self.clients, self.written = {}, collections.Counter()

    def run(self):
        self.world = World(self.folder, self.about.get("nodes", 6), self.about.get("zones", ()),
                           self.about.get("nodeLabels"), lambda line: sys.stdout.write(f"  {line}\n"))
        self.faults = Faults(self.world, self.leader)
        try:
            for step in self.about["steps"]:
                word, arguments = step_parts(step)
                getattr(self, f"step_{word.replace('-', '_')}")(**(arguments or {}))
        except (Failed, Unknown) as e:
            self.problem(str(e))
        except Exception:
            self.problem(traceback.format_exc())
        try:
            for client in self.clients.values():
                client.stop()
            self.world.stop()
        except Failed as e:
            self.problem(str(e))
        return self.result

    def problem(self, text):
        self.world.event(f"PROBLEM: {text}")
        self.result["problems"].append(text)

    def expect(self, good, text):
        if not good:
            self.problem(text)

    # ---- the cluster -----------------------------------------------------------------------------------------------------

    def apply(self, settings):
        self.settings = self.settings + settings
        manifests = build(self.description, self.settings, self.folder)
        with open(f"{self.folder}/manifests.yaml", "w") as f:
            yaml.safe_dump_all(manifests, f, sort_keys=False)
        brought = secured.objects(self.folder) + manifests
        self.world.store.apply(brought + self.site.secrets(brought))
        self.namespace = next(m["metadata"]["namespace"] for m in manifests if m["kind"] == "StatefulSet")
        time.sleep(1)

    def settle(self, within=READY_WITHIN):
        wait_until(self.world.settled, within, self.world.unsettled)

    def step_start(self, within=READY_WITHIN):
        """Applies the manifests and waits until every pod is ready by its own probes."""
        begun = time.monotonic()
        self.apply([])
        self.settle(within)
        self.result["ready"] = round(time.monotonic() - begun, 1)
        self.result["pods"] = len(self.world.store.pods)
        restarted = [p.name for p in self.world.store.pods if p.restarts()]
        self.expect(not restarted, f"containers were restarted during the start: {restarted}")
        place = self.world.add_client(self.namespace, {"app": "client"})
        self.clients["inside"] = self.instructed(load.inside(self.world, place))

    def service(self, kind, ending):
        """Services of a type whose name ends so."""
        return [s for s in self.world.store.of("Service") if s["spec"].get("type", "ClusterIP") == kind
                and s["spec"].get("clusterIP") != "None" and s["metadata"]["name"].endswith(ending)]

    def instructed(self, client):
        """Tells a load tool how the scenario's clients log in."""
        for name, path in secured.clients(self.folder).items():
            client.ask("settings", name, path)
        return client

    def as_client(self, port, address):
        """The address as the client of that listener uses it: `clients` of the scenario names one for each that asks for it."""
        name = self.about.get("clients", {}).get(port.removeprefix("tcp-"))
        return address if name is None else f"{name}@{address}"

    def listeners(self):
        """{listener: (inside or outside, bootstrap address)}: every listener for clients."""
        return {port: (where, self.as_client(port, address)) for port, (where, address) in self.addresses().items()}

    def addresses(self):
        found = {}
        for s in self.service("ClusterIP", "-bootstrap"):
            host = f"{s['metadata']['name']}.{self.namespace}.svc.cluster.local"
            for port in s["spec"]["ports"]:
                found[port["name"]] = "inside", f"{host}:{port['port']}"
        for kind in ("LoadBalancer", "NodePort"):
            for s in self.service(kind, "-bootstrap"):
                host = s["metadata"]["annotations"]["external-dns.alpha.kubernetes.io/hostname"]
                port = s["spec"]["ports"][0]
                found[port["name"]] = "outside", f"{host}:{port.get('nodePort') or port['port']}"
        return found

    def bootstrap(self):
        return next(address for where, address in self.listeners().values() if where == "inside")

    def client(self, where):
        if where not in self.clients:
            self.clients[where] = self.instructed(load.outside(self.world))
        return self.clients[where]

    def leader(self):
        return int(self.clients["inside"].ask("leader", self.bootstrap())["leader"])

    # ---- messages --------------------------------------------------------------------------------------------------------

    def step_messages(self, count=MESSAGES):
        """So many messages with acks=all through every listener, read back and compared; then a few by kcat."""
        for listener, (where, address) in self.listeners().items():
            client, topic = self.client(where), f"through-{listener}"
            client.ask("create", address, topic, 6, 0)
            sent = client.ask("burst", address, topic, count, SIZE)
            read = client.ask("verify", address, topic)
            self.world.event(f"{listener} from {where}: {sent} {read}")
            good = read["read"] == sent["acked"] == str(count) and read["sums"] == "equal" and read["corrupt"] == "0"
            self.expect(good, f"listener {listener}: {sent} {read}")
            self.result["messages"] += int(read["read"])
            self.kcat(where, address, f"kcat-{listener}")

    def kcat(self, where, address, topic, count=500):
        client, _, host = address.rpartition("@")
        options = secured.kcat_options(self.folder, client) if client else []
        if options is None:
            return self.world.event(f"kcat does not log in as {client}")
        self.client(where).ask("create", address, topic, 3, 0)
        pid, resolver = self.place(where)
        options = ["-b", host, *options]
        lines = "".join(f"line {i}\n" for i in range(count))
        load.kcat(self.world, "kcat", pid, resolver, *options, "-P", "-t", topic, "-X", "acks=all", stdin=lines)
        back = load.kcat(self.world, "kcat", pid, resolver, *options, "-C", "-t", topic, "-o", "beginning", "-e", "-q")
        self.expect(sorted(back.splitlines()) == sorted(lines.splitlines()), f"kcat through {topic}: lines differ")

    def place(self, where):
        if where == "outside":
            return self.world.outside.pid, f"nameserver {load.network.OUTSIDE_DNS}\n"
        return self.world.pod("client").sandbox.pid, load.network.resolv_conf(self.namespace)

    # ---- who may do what -------------------------------------------------------------------------------------------------

    def address(self, listener):
        return self.addresses()[f"tcp-{listener}"][1]

    def step_scram_user(self, listener, by, name, mechanism="SCRAM-SHA-512"):
        """The client `by` makes a SCRAM user whose password is in the file passwords/<name>."""
        with open(f"{secured.folder_of(self.folder)}/passwords/{name}") as f:
            password = f.read()
        self.clients["inside"].ask("user", f"{by}@{self.address(listener)}", name, mechanism, password)

    def step_rights(self, listener, admin, client, principal, count=10000):
        """What a rule allows the client can do, to the message; what none allows is refused, each by the error that Kafka has for it."""
        tool, address = self.clients["inside"], self.address(listener)
        admin, user, mine, closed = f"{admin}@{address}", f"{client}@{address}", f"{client}-allowed", f"{client}-closed"
        for topic in (mine, closed):
            tool.ask("create", admin, topic, 3, 0)
        before = tool.ask("refused", user, "write", mine)["refused"]
        self.expect(before == "TopicAuthorizationException", f"{client} before the rule: {before}")
        tool.ask("allow", admin, principal, "topic", mine, "WRITE,READ,DESCRIBE")
        wait_until(lambda: tool.ask("refused", user, "write", mine)["refused"] == "none", 30, f"{client}: the rule has no effect", 1)
        tool.ask("create", admin, f"{mine}-load", 3, 0)
        tool.ask("allow", admin, principal, "topic", f"{mine}-load", "WRITE,READ,DESCRIBE")
        wait_until(lambda: tool.ask("refused", user, "read", f"{mine}-load")["refused"] == "none", 30, f"{client}: no second rule", 1)
        sent, read = tool.ask("burst", user, f"{mine}-load", count, SIZE), tool.ask("verify", user, f"{mine}-load")
        self.expect(read["read"] == sent["acked"] == str(count) and read["sums"] == "equal", f"{client}: {sent} {read}")
        self.result["messages"] += int(read["read"])
        refused = {what: tool.ask("refused", user, what, closed if what != "create" else f"{client}-new")["refused"]
                   for what in ("write", "read", "create")}
        self.world.event(f"{client} ({principal}): {read}, refused: {refused}")
        self.expect(set(refused.values()) == {"TopicAuthorizationException"}, f"{client}: {refused}")

    def step_locked_out(self, listener, client, error):
        """The client does not get in at all."""
        found = self.clients["inside"].ask("refused", f"{client}@{self.address(listener)}", "write", "nothing")["refused"]
        self.world.event(f"{client}: {found}")
        self.expect(found == error, f"{client} gets {found} instead of {error}")

    def admin_log(self):
        """What the newest try of the admin Job printed, in order of the lines: calls run side by side."""
        _, pod, _ = self.admin_state()
        with open(f"{self.folder}/logs/{pod.name}.admin.log") as f:
            return sorted(line for line in f.read().splitlines() if not line.startswith(("---- ", "waiting for the brokers")))

    def jobs(self):
        return self.world.controllers[2]

    def admin_state(self):
        """Tries, newest pod, and how it ended, of the admin Job that is described now."""
        names = [(o["metadata"]["namespace"], o["metadata"]["name"]) for o in self.world.store.of("Job")]
        return self.jobs().state.get(next(n for n in names if "-admin-" in n[1]), (0, None, None))

    def step_admin(self, says, set=(), fails=False):
        """The admin Job printed exactly these lines (with * and ? where releases differ). The first time it has run at the start; then it
        runs again, with `set` as the Job of a changed description."""
        if set or self.result.setdefault("admin", False):
            for log in glob.glob(f"{self.folder}/logs/*-admin-*.admin.log"):
                os.unlink(log)
            self.apply(list(set)) if set else self.jobs().again()
            self.world.store.wake()
        self.result["admin"] = True
        wait_until(lambda: self.admin_state()[2] is not None, 600, "the admin Job does not end")
        log = self.admin_log()
        self.world.event(f"admin Job: {log}")
        self.expect(self.admin_state()[2] != fails, f"the admin Job {'succeeded' if fails else 'failed'}")
        each = [[line for line in log if fnmatch.fnmatchcase(line, pattern)] for pattern in says]
        self.expect(all(each) and len(log) == len(says), f"the admin Job printed {log} instead of {sorted(says)}")

    def step_quota(self, **wanted):
        """Kafka's own tool shows these limits of a user, by the files of a broker."""
        broker = self.faults.pods("broker")[0].containers[0]
        command = ("/opt/kafka/bin/kafka-configs.sh --bootstrap-server $POD_NAME.market-nodes.live.svc.cluster.local:9091 "
                   "--command-config /etc/kafka-common/node-client.properties --describe --entity-type users")
        _, out = broker.execute(["bash", "-c", "unset KAFKA_OPTS; " + command], 60, "quota")
        self.world.event(f"quotas: {out.strip()}")
        for user, limits in wanted.items():
            self.expect(all(f"{k}={v}" in out for k, v in limits.items()) and f"'{user}'" in out, f"quota of {user}: {out}")

    def step_allowed(self, listener, client, topic, count=10000):
        """The client writes the topic and reads back all that it ever wrote."""
        tool, user = self.clients["inside"], f"{client}@{self.address(listener)}"
        sent, read = tool.ask("burst", user, topic, count, SIZE), tool.ask("verify", user, topic)
        self.world.event(f"{client} on {topic}: {sent} {read}")
        self.written[topic] += count
        self.expect(read["read"] == sent["acked"] == str(self.written[topic]) and read["sums"] == "equal", f"{client}: {sent} {read}")
        self.result["messages"] += count

    def step_denied(self, listener, client, what, topic, error="TopicAuthorizationException"):
        """The client may not do that (write, read, create)."""
        found = self.clients["inside"].ask("refused", f"{client}@{self.address(listener)}", what, topic)["refused"]
        self.world.event(f"{client} would {what} {topic}: {found}")
        self.expect(found == error, f"{client} would {what} {topic}: {found}")

    # ---- under load ------------------------------------------------------------------------------------------------------

    def under_load(self, name, act, rolling, slow=None):
        """Runs act() while messages flow and each second is sampled; then nothing acknowledged may be missing."""
        client, address = self.clients["inside"], self.bootstrap()
        self.loads += 1
        topic, row = f"load-{self.loads}", {"name": name}
        client.ask("create", address, topic, 6, 0)
        if slow:
            client.ask("slow", address, topic, slow)
        client.ask("start", address, topic, RATE, SIZE)
        client.ask("watch", address)
        time.sleep(3)
        begun = time.monotonic()
        try:
            act()
            self.settle(600)
            row["seconds"] = round(time.monotonic() - begun, 1)
            wait_until(lambda: client.ask("state", address)["under_replicated"] == "0", 180, "replicas are not in sync again", 1)
        finally:
            row.update(client.ask("stop", topic, timeout=700))
            row.update(client.ask("unwatch", address))
        row.update(client.ask("verify", address, topic))
        self.world.event(f"{name}: {row}")
        self.result["faults"].append(row)
        self.result["messages"] += int(row["read"])
        self.judge(row, rolling)

    def judge(self, row, rolling):
        name = row["name"]
        self.expect(row["lost"] == "0", f"{name}: {row['lost']} acknowledged messages are lost")
        self.expect(row["corrupt"] == "0" and row["twice"] == "0", f"{name}: corrupt {row['corrupt']}, twice {row['twice']}")
        self.expect(row["failed"] == "0", f"{name}: {row['failed']} messages were not acknowledged")
        if rolling:
            self.expect(row["under_minimum"] == "0", f"{name}: below min ISR in {row['under_minimum']} of {row['samples']} samples")
            self.expect(int(row["samples"]) >= row["seconds"] / 3, f"{name}: only {row['samples']} samples")

    def identities(self):
        return {p.name: (p.uid, p.restarts()) for p in self.world.store.pods}

    def step_change(self, name, set, restarts=(), slow=None):
        """Applies other values under load. Exactly the pods of the components in `restarts` are replaced. `slow`: bytes a second at
        which copies catch up, so that a pod which says too early that it is ready is found out."""
        self.change(name, lambda: self.apply(set), restarts, slow)

    def step_certificates(self, name, arguments, restarts=("broker",)):
        """`gregor pki` with these arguments, and what it made applied, under load; then clients read their files anew."""
        def act():
            secured.prepare(self.about["prepare"], self.description, gregor(), self.folder, arguments)
            self.apply([])
        self.change(name, act, restarts)
        for client in self.clients.values():
            self.instructed(client)

    def change(self, name, act, restarts, slow=None):
        before = self.identities()
        self.under_load(name, act, rolling=True, slow=slow)
        after = self.identities()
        for pod in self.world.store.pods:
            component = pod.labels.get("app.kubernetes.io/component")
            if pod.name in before and (before[pod.name] != after[pod.name]) != (component in restarts):
                self.problem(f"{name}: {pod.name} was {'' if before[pod.name] != after[pod.name] else 'not '}restarted")
        self.expect(not [n for n, (_, r) in after.items() if r > before.get(n, (0, 0))[1]], f"{name}: containers crashed")

    def step_fault(self, kind):
        """kill-broker, kill-controller, kill-zookeeper, cut-broker, cut-controller, stop-all: under load."""
        self.under_load(kind, getattr(self.faults, kind.replace("-", "_")), rolling=False)

    def step_cronjob(self, name, within=120):
        """Runs the Job of a CronJob now; it succeeds."""
        jobs = self.world.controllers[2]
        key = jobs.trigger(self.world.store.get("CronJob", self.namespace, name))
        self.world.store.wake()
        wait_until(lambda: jobs.state.get(key, (0, None, None))[2] is not None, within, f"job {key[1]} does not end")
        self.expect(jobs.state[key][2], f"job {key[1]} failed")

    # ---- looks -----------------------------------------------------------------------------------------------------------

    def step_brokers(self, count):
        """So many brokers are in the cluster, and a new topic has copies on all of them."""
        client, address = self.clients["inside"], self.bootstrap()
        state = client.ask("state", address)
        self.expect(state["brokers"] == str(count), f"{state['brokers']} brokers instead of {count}")
        client.ask("create", address, "on-all", count * 2, 0)
        client.ask("burst", address, "on-all", 1000, SIZE)
        placed = client.ask("placed", address, "on-all")
        self.world.event(f"copies on {placed}")
        self.expect(len(placed) == count and all(p[0] != "0" for p in placed.values()), f"copies are on {placed}")

    def step_disks(self, count):
        """Every broker uses each of its directories."""
        client, address = self.clients["inside"], self.bootstrap()
        client.ask("create", address, "on-disks", 12, 0)
        client.ask("burst", address, "on-disks", 2000, SIZE)
        placed = client.ask("placed", address, "on-disks")
        self.world.event(f"directories used: {placed}")
        self.expect(all(p == f"{count}/{count}" for p in placed.values()), f"directories used: {placed}")

    def step_racks(self, count):
        """Brokers know their zones, and the copies of each partition are in different ones."""
        client, address = self.clients["inside"], self.bootstrap()
        client.ask("create", address, "on-racks", 12, 0)
        found = client.ask("racks", address, "on-racks")
        self.world.event(f"racks: {found}")
        self.expect(found["racks"] == str(count) and found["spread"] == found["partitions"], f"racks: {found}")

    def step_voters(self, count):
        """So many controllers vote."""
        found = self.clients["inside"].ask("leader", self.bootstrap())
        self.world.event(f"quorum: {found}")
        self.expect(found.get("voters") == str(count), f"quorum: {found}")

    def step_connections(self, **wanted):
        """What comes of connections, "pod host:port" each: open, refused, silent (a policy drops them). `client` and `stranger` are
        pods that differ in a label; a host may be a pod of any kind."""
        self.world.pod("stranger") or self.world.add_client(self.namespace, {"app": "stranger"}, "stranger")
        for outcome, pair in ((outcome, pair) for outcome, pairs in wanted.items() for pair in pairs):
            pod, host, port = pair.replace(":", " ").split()
            to = self.world.pod(host)
            found = load.connects(self.world, self.world.pod(pod), to.ip if to else host, port)
            self.world.event(f"from {pod} to {host}:{port}: {found}")
            self.expect(found == outcome, f"from {pod} to {host}:{port}: {found} instead of {outcome}")

    def step_zookeeper(self, shows=(), login=True):
        """What a client beside a broker, with the broker's own files, reads as access list of the broker's node in ZooKeeper;
        without a login it reads nothing."""
        broker = self.faults.pods("broker")[0].containers[0]
        _, out = broker.execute(["bash", "-c", ASK_ZOOKEEPER, "ask", "login" if login else "stranger"], 60, "look")
        self.world.event(f"ZooKeeper {'with' if login else 'without'} a login: {out.strip()[-400:]}")
        self.expect(all(text in out for text in shows), f"ZooKeeper does not show {list(shows)}")
        self.expect(login == ("cdrwa" in out), f"ZooKeeper {'does not answer' if login else 'answers without a login'}")

    def step_scrape(self, contains):
        """Every pod that a monitor selects answers on its metrics port, with the metrics named."""
        from .metrics import scrape
        scrape(self, contains)

    def step_rules(self):
        """Every expression of the rules is evaluated by Prometheus, where it is to be had."""
        from .metrics import rules
        rules(self)


def main():
    name, output = sys.argv[1:3]
    sys.stdout.reconfigure(line_buffering=True)
    reap_in_background()
    result = Scenario(name).run()
    with open(output, "w") as f:
        json.dump(result, f)
    os._exit(0 if not result["problems"] else 1)


def reap_in_background():
    """Forks: the first process of the namespace takes in orphans, which would otherwise hold up the end of their pods."""
    child = os.fork()
    while child:
        pid, status = os.wait()
        if pid == child:
            os._exit(os.waitstatus_to_exitcode(status) & 0xff)


if __name__ == "__main__":
    main()
