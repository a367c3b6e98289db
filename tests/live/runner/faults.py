"""What can go wrong, and how it is made to happen. Each function acts once; scenario.py puts load around it."""
import signal
import time

from .system import Failed, wait_until


class Faults:
    """Faults in the world of one scenario."""

    def __init__(self, world, leader):
        """`leader` gives the id of the active controller."""
        self.world, self.leader = world, leader

    def pods(self, component):
        """The pods of a component: broker, controller, zookeeper; by ordinal."""
        found = [p for p in self.world.store.pods if p.labels.get("app.kubernetes.io/component") == component]
        return sorted(found, key=lambda p: (p.name.rsplit("-", 1)[0], int(p.name.rsplit("-", 1)[1])))

    def node(self, number):
        """The pod with a node.id or broker.id, as its own configuration says."""
        for pod in self.world.store.live_pods():
            if "kafka" not in [c.name for c in pod.containers] or not pod.containers[0].pid:
                continue
            code, out = pod.containers[0].execute(["head", "-n", "1", "/etc/kafka-node/server.properties"], 10, "look")
            if code == 0 and out.strip().endswith(f"={number}"):
                return pod
        raise Failed(f"no pod has the id {number}")

    # ---- kill ------------------------------------------------------------------------------------------------------------

    def kill(self, pod):
        """SIGKILL to the container's first process, as when it crashes or the kernel wants memory."""
        container = pod.containers[0]
        before, log = container.restarts, self.world.event
        log(f"FAULT: SIGKILL to {pod.name}")
        container.signal(signal.SIGKILL)
        wait_until(lambda: container.restarts > before, 60, f"{pod.name} was not started again")
        return pod.name

    def kill_broker(self):
        return self.kill(self.pods("broker")[-1])

    def kill_controller(self):
        return self.kill(self.node(self.leader()))

    def zookeeper_leader(self):
        question = ["bash", "-c", "exec 3<>/dev/tcp/127.0.0.1/2181 && printf srvr >&3 && cat <&3"]
        for pod in self.pods("zookeeper"):
            if "Mode: leader" in pod.containers[0].execute(question, 10, "look")[1]:
                return pod
        raise Failed("no ZooKeeper leader")

    def kill_zookeeper(self):
        return self.kill(self.zookeeper_leader())

    # ---- cut off ---------------------------------------------------------------------------------------------------------

    def cut(self, pod, seconds=30):
        """No packet between this pod and the others; kubelet on its node still reaches it."""
        self.world.event(f"FAULT: {pod.name} is cut off for {seconds} s")
        self.world.network.cut.add(pod.ip)
        self.world.store.wake()
        address = pod.ip
        time.sleep(seconds)
        self.world.network.cut.discard(address)
        self.world.store.wake()
        self.world.event(f"FAULT: {pod.name} is back")
        return pod.name

    def cut_broker(self):
        return self.cut(self.pods("broker")[0])

    def cut_controller(self):
        return self.cut(self.node(self.leader()))

    # ---- all -------------------------------------------------------------------------------------------------------------

    def stop_all(self):
        """Deletes every pod at once; the controllers make them again."""
        self.world.event("FAULT: every pod is deleted")
        pods = [p for p in self.world.store.pods if p.owner[0] != "Client"]
        for pod in pods:
            pod.stop()
        wait_until(lambda: all(p.removed for p in pods), 400, "not every pod stopped")
        return "all"
