"""One etcd member for the announcers of a LAN, with etcd's own default timings."""

import os
import shutil
import subprocess

from .network import enter
from .system import CLOSERS, await_condition, run

ADDRESS = "10.80.0.9"
# etcd 3.4 raises a lease to one and a half election timeouts: 1.5 s as it is delivered.
SHORTEST_LEASE = 2


class EtcdMember:
    """Beside the bridge, which no node's end takes away."""

    def __init__(self, lan, directory):
        self.endpoint = f"http://{ADDRESS}:2379"
        run("ip", "-n", lan.bridge, "address", "add", f"{ADDRESS}/12", "dev", "br0")
        self.log = open(os.path.join(directory, "etcd.log"), "w")
        peer = f"http://{ADDRESS}:2380"
        self.process = subprocess.Popen(
            enter(lan.bridge) + [
                "etcd", "--name", "bench", "--data-dir", os.path.join(directory, "etcd"),
                "--listen-client-urls", self.endpoint, "--advertise-client-urls", self.endpoint,
                "--listen-peer-urls", peer, "--initial-advertise-peer-urls", peer,
                "--initial-cluster", f"bench={peer}"],
            stdout=self.log, stderr=self.log)
        CLOSERS.callback(self.stop)
        health = enter(lan.bridge) + ["curl", "--silent", "--fail", f"{self.endpoint}/health"]
        await_condition("an etcd member in good health", lambda: subprocess.run(
            health, capture_output=True).returncode == 0, interval=0.1)

    def stop(self):
        if self.process.poll() is None:
            self.process.kill()
            self.process.wait()


def installed():
    return shutil.which("etcd") is not None
