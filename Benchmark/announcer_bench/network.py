"""LANs of network namespaces: everything is sent inside of them, and gone with them."""

import contextlib
import os
import signal

from .system import CLOSERS, run

CLIENT_ADDRESS = "10.80.0.1/12"


class Network:
    """The client's namespace, and for each subject a bridge and its nodes."""

    def __init__(self):
        self.prefix = f"announcer-{os.getpid()}-1"
        self.made = []
        CLOSERS.callback(self.close)
        self.client = self.namespace("client")

    def namespace(self, name):
        full = f"{self.prefix}-{name}"
        run("ip", "netns", "add", full)
        self.made.append(full)
        run("ip", "-n", full, "link", "set", "dev", "lo", "up")
        run("ip", "netns", "exec", full, "sysctl", "-q", "-w",
            "net.ipv6.conf.all.accept_dad=0", "net.ipv6.conf.default.accept_dad=0")
        return full

    def close(self):
        for name in reversed(self.made):
            kill_all(name)
            run("ip", "netns", "delete", name)


class Lan:
    """One subject's LAN, so that none pays for another's broadcasts; `link` is the client's end."""

    def __init__(self, network, name, nodes=("node",)):
        self.network, self.name, self.link = network, name, f"to-{name}"
        self.bridge = network.namespace(f"{name}-bridge")
        run("ip", "-n", self.bridge, "link", "add", "name", "br0", "type", "bridge",
            "mcast_snooping", "0")
        run("ip", "-n", self.bridge, "link", "set", "dev", "br0", "up")
        self.nodes = {node: network.namespace(f"{name}-{node}") for node in nodes}
        self.node = self.nodes[nodes[0]]
        self.join(network.client, self.link, "client")
        for node, namespace in self.nodes.items():
            self.join(namespace, "lan0", node)
        run("ip", "-n", network.client, "address", "add", CLIENT_ADDRESS, "dev", self.link)

    def join(self, namespace, link, port):
        """A cable from `link` in the namespace to `port` of the bridge."""
        run("ip", "link", "add", "name", port, "netns", self.bridge, "type", "veth",
            "peer", "name", link, "netns", namespace)
        run("ip", "-n", self.bridge, "link", "set", "dev", port, "master", "br0", "up")
        run("ip", "-n", namespace, "link", "set", "dev", link, "up")

    def set_port(self, node, state):
        """Pulls a node's cable at the bridge (`down`), or plugs it in (`up`)."""
        run("ip", "-n", self.bridge, "link", "set", "dev", node, state)


def enter(namespace):
    """What a command line begins with to run in a namespace, without a process of its own."""
    return ["nsenter", f"--net=/run/netns/{namespace}"]


def kill_all(namespace):
    """Kills what runs in a namespace of ours, children of subjects included."""
    for pid in run("ip", "netns", "pids", namespace).split():
        with contextlib.suppress(ProcessLookupError):
            os.kill(int(pid), signal.SIGKILL)
