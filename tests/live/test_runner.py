#!/usr/bin/env python3
"""Facts about the pod runner that need neither root nor Kafka. The argument is the compiler."""
import os
import sys
import time
import unittest
from types import SimpleNamespace

sys.path.insert(0, os.path.dirname(os.path.abspath(__file__)))
from runner import dns, main, objects, scenario, system  # noqa: E402
from runner.containers import expand  # noqa: E402
from runner.controller import StatefulSets, revision  # noqa: E402
from runner.network import Network  # noqa: E402
from runner.scheduler import HOST, ZONE, Scheduler  # noqa: E402


class FakePod:
    def __init__(self, name, rev="new", ready=True, labels=None, spec=None):
        self.name, self.revision, self.ready, self.labels = name, rev, ready, labels or {}
        self.namespace, self.terminating, self.ready_at, self.spec = "n", False, time.monotonic() - 60, spec or {}

    def is_ready(self):
        return self.ready and not self.terminating

    def stop(self):
        self.terminating = True

    def event(self, _):
        pass


class Fields(unittest.TestCase):
    def service(self, **spec):
        return {"apiVersion": "v1", "kind": "Service", "metadata": {"name": "s"}, "spec": spec}

    def test_a_known_field_passes(self):
        objects.check_object(self.service(ports=[{"port": 1}]))

    def test_an_unknown_field_is_an_error_that_names_it(self):
        with self.assertRaisesRegex(objects.Unknown, r"Service/s\.spec\.ports\[0\]\.portt"):
            objects.check_object(self.service(ports=[{"portt": 1}]))

    def test_an_unknown_kind_is_an_error(self):
        with self.assertRaises(objects.Unknown):
            objects.check_object({"kind": "DaemonSet", "metadata": {"name": "d"}})

    def test_a_value_that_is_not_done_is_an_error(self):
        with self.assertRaisesRegex(objects.Unknown, "UDP"):
            objects.check_object(self.service(ports=[{"port": 1, "protocol": "UDP"}]))

    def test_the_readme_has_every_field(self):
        with open(f"{system.LIVE}/README.md") as f:
            readme = f.read()
        for part, fields, how in objects.rows():
            self.assertIn(f"| {part} | {fields} | {how} |", readme)

    def test_a_selector_wants_every_label(self):
        self.assertTrue(objects.matches({"matchLabels": {"a": "1"}}, {"a": "1", "b": "2"}))
        self.assertFalse(objects.matches({"matchLabels": {"a": "1", "b": "1"}}, {"a": "1", "b": "2"}))
        self.assertTrue(objects.matches({}, {}))
        self.assertFalse(objects.matches(None, {}))


class Texts(unittest.TestCase):
    def test_a_variable_is_expanded_once_and_an_unknown_one_stays(self):
        self.assertEqual(expand("$(A).$(B) $$(A)", {"A": "$(B)"}), "$(B).$(B) $(A)")

    def test_quantities_are_numbers(self):
        self.assertEqual([system.quantity(q) for q in ("500m", "2Gi", "1M", "3")], [0.5, 2 << 30, 1e6, 3])

    def test_dns_tells_an_unknown_name_from_a_name_without_that_record(self):
        names = {"a.example": ["10.0.0.1"]}
        self.assertEqual(dns.Server.find("a.example", dns.A, names), (True, [b"\x0a\0\0\1"]))
        self.assertEqual(dns.Server.find("a.example", dns.AAAA, names), (True, []))
        self.assertEqual(dns.Server.find("b.example", dns.A, names), (False, []))

    def test_dns_tells_all_names_of_an_address(self):
        names = {"p.nodes.n.svc.cluster.local": ["10.0.0.1"], "10-0-0-1.s.n.svc.cluster.local": ["10.0.0.1"], "s.n.svc": ["10.0.0.1"],
                 "nodes.n.svc.cluster.local": ["10.0.0.1", "10.0.0.2"]}
        found, data = dns.Server.find("1.0.0.10.in-addr.arpa", dns.PTR, names)
        self.assertTrue(found)
        self.assertEqual(sorted(data), sorted(dns.encode(n) for n in list(names)[:2]))

    def test_a_service_without_endpoints_refuses(self):
        self.assertEqual(Network.forward("x", "", []), ("x reject with tcp reset", False))
        self.assertIn("mod 2 map { 0 : 10.0.0.1 . 1, 1 : 10.0.0.2 . 1 }",
                      Network.forward("x", "", [("10.0.0.1", 1), ("10.0.0.2", 1)])[0])


class Policies(unittest.TestCase):
    """`a` and `b` are pods of one namespace, `c` of another; the policy selects `a`."""

    def rules(self, kind, peers, ports):
        pods = [FakePod(n, labels={"app": n}) for n in "abc"]
        for i, pod in enumerate(pods):
            pod.ip, pod.namespace = f"10.0.0.{i + 1}", "far" if pod.name == "c" else "n"
        rule = {("from" if kind == "Ingress" else "to"): peers, "ports": ports}
        spec = {"podSelector": {"matchLabels": {"app": "a"}}, "policyTypes": [kind], kind.lower(): [rule]}
        store = SimpleNamespace(live_pods=lambda: pods, of=lambda _: [{"metadata": {"namespace": "n"}, "spec": spec}],
                                namespace_labels=lambda name: {"kubernetes.io/metadata.name": name})
        other = "Egress" if kind == "Ingress" else "Ingress"
        self.assertEqual(Network().policy_rules(store, other), [])
        return Network().policy_rules(store, kind)

    def test_ingress_lets_in_whom_it_names_and_nobody_else(self):
        found = self.rules("Ingress", [{"podSelector": {"matchLabels": {"app": "b"}}}], [{"port": 9092, "protocol": "TCP"}])
        self.assertEqual(found, ["ip saddr 10.0.0.2 ip daddr 10.0.0.1 tcp dport { 9092 } return",
                                 "ip saddr 10.0.0.1 ip daddr 10.0.0.1 return", "ip daddr 10.0.0.1 drop"])

    def test_egress_lets_out_to_other_namespaces_and_to_dns(self):
        spaces = {"namespaceSelector": {"matchExpressions": [
            {"key": "kubernetes.io/metadata.name", "operator": "In", "values": ["far", "kube-system"]}]}}
        found = self.rules("Egress", [spaces], [{"port": 53, "protocol": "UDP"}, {"port": 53, "protocol": "TCP"}])
        self.assertEqual(found, [f"ip daddr {to} ip saddr 10.0.0.1 {protocol} dport {{ 53 }} return"
                                 for to in ("10.0.0.3", "10.96.0.10") for protocol in ("udp", "tcp")]
                         + ["ip saddr 10.0.0.1 ip daddr 10.0.0.1 return", "ip saddr 10.0.0.1 drop"])

    def test_a_network_may_have_holes(self):
        found = self.rules("Egress", [{"ipBlock": {"cidr": "10.0.0.0/8", "except": ["10.9.0.0/16"]}}], [])
        self.assertEqual(found[0], "ip daddr 10.0.0.0/8 ip daddr != 10.9.0.0/16 ip saddr 10.0.0.1 return")


class RollingUpdate(unittest.TestCase):
    def update(self, pods, **rolling):
        spec = {"template": {"spec": {}}, "replicas": len(pods), "updateStrategy": {"rollingUpdate": rolling}}
        for p in pods:
            p.revision = revision(spec["template"]) if p.revision == "new" else p.revision
        sets = StatefulSets.__new__(StatefulSets)
        sets.update(dict(enumerate(pods)), spec)
        return [p.name for p in pods if p.terminating]

    def test_the_highest_ordinal_goes_first_and_alone(self):
        self.assertEqual(self.update([FakePod(n, "old") for n in "012"]), ["2"])

    def test_the_next_waits_until_the_last_is_ready(self):
        self.assertEqual(self.update([FakePod("0", "old"), FakePod("1", "old"), FakePod("2", ready=False)]), [])
        self.assertEqual(self.update([FakePod("0", "old"), FakePod("1", "old"), FakePod("2")]), ["1"])

    def test_pods_below_the_partition_stay(self):
        self.assertEqual(self.update([FakePod("0", "old"), FakePod("1", "old"), FakePod("2")], partition=2), [])

    def test_max_unavailable_lets_two_go(self):
        self.assertEqual(self.update([FakePod(n, "old") for n in "012"], maxUnavailable=2), ["1", "2"])


class Placement(unittest.TestCase):
    def test_required_anti_affinity_uses_each_node_once(self):
        term = {"labelSelector": {"matchLabels": {"a": "1"}}, "topologyKey": HOST}
        spec = {"affinity": {"podAntiAffinity": {"requiredDuringSchedulingIgnoredDuringExecution": [term]}}}
        nodes = Scheduler(2, [], {})
        pods = [FakePod(str(i), labels={"a": "1"}, spec=spec) for i in range(3)]
        self.assertEqual([n and n.name for n in map(nodes.place, pods)], ["node-0", "node-1", None])

    def test_spreading_keeps_the_skew_and_the_pod_learns_its_zone(self):
        term = {"labelSelector": {"matchLabels": {"a": "1"}}, "topologyKey": ZONE, "maxSkew": 1,
                "whenUnsatisfiable": "DoNotSchedule"}
        nodes = Scheduler(6, ["x", "y", "z"], {})
        pods = [FakePod(str(i), labels={"a": "1"}, spec={"topologySpreadConstraints": [term]}) for i in range(3)]
        self.assertEqual(sorted(nodes.place(p).labels[ZONE] for p in pods), ["x", "y", "z"])
        self.assertEqual(sorted(p.labels[ZONE] for p in pods), ["x", "y", "z"])


class Scenarios(unittest.TestCase):
    def test_every_description_compiles_after_each_change_and_has_only_known_fields(self):
        for name in scenario.table():
            for manifests in scenario.builds(name):
                for obj in manifests:
                    objects.check_object(obj)

    def test_every_step_is_known(self):
        for name, about in scenario.table().items():
            for step in about["steps"]:
                word = scenario.step_parts(step)[0].replace("-", "_")
                self.assertTrue(hasattr(scenario.Scenario, f"step_{word}"), f"{name}: {word}")

    def test_every_scenario_is_of_one_whole_group(self):
        for name, about in scenario.table().items():
            self.assertEqual(len({"core", "security"} & set(about.get("groups", []))), 1, name)

    def test_every_image_has_a_profile(self):
        for name in scenario.table():
            for manifests in scenario.builds(name):
                for image in main.images_of(manifests):
                    kind, version = image.rsplit("/", 1)[-1].split(":")
                    with open(f"{system.LIVE}/software/{kind}/pom.xml") as f:
                        self.assertIn(f"<id>{version}</id>", f.read())


if __name__ == "__main__":
    os.environ["GREGOR"] = os.path.abspath(sys.argv.pop(1))
    unittest.main()
