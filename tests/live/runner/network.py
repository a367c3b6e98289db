"""The network: the runner's own namespace is the node and the router; each pod hangs on it by a pair of interfaces.

Nothing leads out of it: the namespace has no interface to the machine. Service addresses, node ports, load balancers, network
policies and cuts are one nftables table, written anew whenever endpoints change, as kube-proxy does it."""
import ipaddress
import os
import threading

from .objects import matches
from .system import run

PODS, SERVICES, OUTSIDE = "10.244.0.0/16", "10.96.0.0/16", "203.0.113.0/24"
NODE, GATEWAY, DNS = "10.244.0.1", "169.254.1.1", "10.96.0.10"
OUTSIDE_DNS, OUTSIDE_NODES, OUTSIDE_BALANCERS = "203.0.113.1", 10, 100


def ip(*words):
    run("ip", *words)


def setup():
    """Makes the runner's namespace a node: addresses, forwarding."""
    ip("link", "set", "lo", "up")
    for address in (NODE, DNS):
        ip("addr", "add", f"{address}/32", "dev", "lo")
    for name, value in (("ip_forward", 1), ("conf/all/rp_filter", 0), ("conf/default/rp_filter", 0)):
        with open(f"/proc/sys/net/ipv4/{name}", "w") as f:
            f.write(str(value))


class Network:
    """Addresses, and the rules that follow from services, endpoints, policies and cuts."""

    def __init__(self):
        self.lock = threading.Lock()
        self.pod_count, self.service_count, self.balancer_count = 1, 10, OUTSIDE_BALANCERS
        self.cluster_ips, self.balancers = {}, {}
        self.cut = set()
        self.text = None
        self.outside_pid = None

    def attach(self, pid, name):
        """Gives the pod whose sandbox is `pid` a fresh address, as after each start of a pod; returns it."""
        with self.lock:
            self.pod_count += 1
            number = self.pod_count
        address = str(ipaddress.ip_network(PODS)[number])
        self.link(pid, f"pod{number}", address, NODE)
        return address

    def link(self, pid, host, address, source):
        enter = ("nsenter", "--target", str(pid), "--net", "--")
        ip("link", "add", host, "type", "veth", "peer", "name", "eth0", "netns", str(pid))
        ip("addr", "add", f"{GATEWAY}/32", "dev", host)
        ip("link", "set", host, "up")
        ip("route", "add", f"{address}/32", "dev", host, "src", source)
        script = (f"addr add {address}/32 dev eth0\nlink set lo up\nlink set eth0 up\n"
                  f"route add {GATEWAY} dev eth0 scope link\nroute add default via {GATEWAY} dev eth0\n")
        run(*enter, "ip", "-batch", "-", stdin=script)

    def attach_outside(self, pid):
        """The network of clients that are not in the cluster; it sees node ports, load balancers and a DNS server."""
        address = str(ipaddress.ip_network(OUTSIDE)[2])
        ip("addr", "add", f"{OUTSIDE_DNS}/32", "dev", "lo")
        for i in range(16):
            ip("addr", "add", f"{self.node_address(i)}/32", "dev", "lo")
        self.link(pid, "outside", address, OUTSIDE_DNS)
        self.outside_pid = pid

    @staticmethod
    def node_address(index):
        return str(ipaddress.ip_network(OUTSIDE)[OUTSIDE_NODES + index])

    def addresses(self, service):
        """(cluster address or None, load balancer address or None) of a Service; kept for its life."""
        key = service["metadata"].get("namespace"), service["metadata"]["name"]
        spec = service["spec"]
        if spec.get("clusterIP") != "None" and key not in self.cluster_ips:
            self.service_count += 1
            self.cluster_ips[key] = spec.get("clusterIP") or str(ipaddress.ip_network(SERVICES)[self.service_count])
        if spec.get("type") == "LoadBalancer" and key not in self.balancers:
            self.balancer_count += 1
            self.balancers[key] = spec.get("loadBalancerIP") or str(ipaddress.ip_network(OUTSIDE)[self.balancer_count])
        return self.cluster_ips.get(key), self.balancers.get(key)

    # ---- rules ---------------------------------------------------------------------------------------------------

    def sync(self, store, nodes):
        """Writes the table anew when what it would say has changed."""
        with self.lock:
            text = self.table(store, nodes)
            if text != self.text:
                run("nft", "-f", "-", stdin="table ip live\ndelete table ip live\n" + text)
                self.text = text

    def table(self, store, nodes):
        services, rejects = [], []
        for service in store.of("Service"):
            for rule, has_endpoints in self.service_rules(service, store, nodes):
                (services if has_endpoints else rejects).append(rule)
        hairpins = [f"ip saddr {p.ip} ip daddr {p.ip} masquerade" for p in store.live_pods()]
        cuts = [f"ip {side} {address} drop" for address in sorted(self.cut) for side in ("saddr", "daddr")]
        chains = {
            "services": (None, services),
            "prerouting": ("nat hook prerouting priority -100", ["jump services"]),
            "output": ("nat hook output priority -100", ["jump services"]),
            "postrouting": ("nat hook postrouting priority 100", ["meta mark 1 masquerade"] + hairpins),
            "egress": (None, self.policy_rules(store, "Egress")),
            "policies": (None, self.policy_rules(store, "Ingress")),
            "rejects": (None, rejects),
            "forward": ("filter hook forward priority 0", cuts + [
                "ct state established,related accept", "jump rejects",
                f"ip saddr {OUTSIDE} ct status dnat jump policies", f"ip saddr {OUTSIDE} ct status dnat accept",
                f"ip saddr {OUTSIDE} drop", "jump egress", "jump policies"]),
            "local": ("filter hook input priority 0",
                      [f"ip saddr {a} ip daddr != {NODE} drop" for a in sorted(self.cut)]
                      + ["ct state established,related accept", "jump rejects", "jump egress"]),
        }
        lines = ["table ip live {"]
        for name, (hook, rules) in chains.items():
            lines += [f"chain {name} {{"] + ([f"type {hook}; policy accept;"] if hook else []) + rules + ["}"]
        return "\n".join(lines + ["}"]) + "\n"

    def service_rules(self, service, store, nodes):
        """Yields (rule, whether anything is behind it) for each address and port of one Service."""
        spec = service["spec"]
        cluster, balancer = self.addresses(service)
        if cluster is None:
            return
        local = spec.get("externalTrafficPolicy") == "Local"
        mark = "" if local else "meta mark set 1 "
        for port in spec.get("ports", []):
            ends = store.endpoints(service, port)
            yield self.forward(f"ip daddr {cluster} tcp dport {port['port']}", "", ends)
            if balancer:
                for allowed in self.ranges(spec):
                    yield self.forward(f"{allowed}ip daddr {balancer} tcp dport {port['port']}", mark, ends)
                yield f"ip daddr {balancer} tcp dport {port['port']} reject", False
            for i, node in enumerate(nodes if port.get("nodePort") else []):
                here = store.endpoints(service, port, node) if local else ends
                yield self.forward(f"ip daddr {self.node_address(i)} tcp dport {port['nodePort']}", mark, here)

    @staticmethod
    def ranges(spec):
        if not spec.get("loadBalancerSourceRanges"):
            return [""]
        return [f"ip saddr {r} " for r in spec["loadBalancerSourceRanges"]]

    @staticmethod
    def forward(match, mark, ends):
        if not ends:
            return f"{match} reject with tcp reset", False
        ways = ", ".join(f"{i} : {address} . {port}" for i, (address, port) in enumerate(ends))
        return f"{match} {mark}dnat ip to numgen random mod {len(ends)} map {{ {ways} }}", True

    # ---- network policies --------------------------------------------------------------------------------------------

    def policy_rules(self, store, kind):
        """A pod that a policy of that kind ("Ingress", "Egress") selects gets only what one of its policies allows; `return` is
        yes, the last rule no."""
        rules, own = [], "daddr" if kind == "Ingress" else "saddr"
        for pod in store.live_pods():
            policies = [p["spec"] for p in store.of("NetworkPolicy") if p["metadata"].get("namespace") == pod.namespace
                        and kind in p["spec"].get("policyTypes", ["Ingress"]) and matches(p["spec"]["podSelector"], pod.labels)]
            for spec in policies:
                for rule in spec.get(kind.lower(), []):
                    rules += self.allow(store, pod, rule, kind)
            if policies:
                rules += [f"ip saddr {pod.ip} ip daddr {pod.ip} return", f"ip {own} {pod.ip} drop"]
        return rules

    def allow(self, store, pod, rule, kind):
        own, other, peers = ("daddr", "saddr", "from") if kind == "Ingress" else ("saddr", "daddr", "to")
        ports = {}
        for port in rule.get("ports", []):
            ports.setdefault(port.get("protocol", "TCP").lower(), []).append(str(port["port"]))
        ends = [f"ip {own} {pod.ip} {protocol} dport {{ {', '.join(numbers)} }}" for protocol, numbers in ports.items()]
        them = [""] if peers not in rule else [f"ip {other} {a} " for peer in rule[peers] for a in self.addresses_of(store, pod, peer, other)]
        return [f"{peer}{end} return" for peer in them for end in ends or [f"ip {own} {pod.ip}"]]

    @staticmethod
    def addresses_of(store, pod, peer, side):
        """What follows `ip saddr` or `ip daddr` for each address of a peer. DNS is a pod of kube-system, as in most clusters."""
        if "ipBlock" in peer:
            block = peer["ipBlock"]
            return [block["cidr"] + "".join(f" ip {side} != {e}" for e in block.get("except", []))]
        spaces = peer.get("namespaceSelector")
        found = [p.ip for p in store.live_pods()
                 if (p.namespace == pod.namespace if spaces is None else matches(spaces, store.namespace_labels(p.namespace)))
                 and matches(peer.get("podSelector", {}), p.labels)]
        if spaces is not None and matches(spaces, store.namespace_labels("kube-system")) \
                and matches(peer.get("podSelector", {}), {"k8s-app": "kube-dns"}):
            found.append(DNS)
        return found


def resolv_conf(namespace):
    """The file that kubelet writes for dnsPolicy ClusterFirst."""
    zone = "cluster.local"
    return f"search {namespace}.svc.{zone} svc.{zone} {zone}\nnameserver {DNS}\noptions ndots:5\n"


def disable_ipv6():
    """In a pod's namespace, entered by the caller."""
    path = "/proc/sys/net/ipv6/conf/all/disable_ipv6"
    if os.path.exists(path):
        with open(path, "w") as f:
            f.write("1")
