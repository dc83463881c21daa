"""The announcer as a subject: its configuration, its reloads, its figures."""

import contextlib
import json
import os
import signal
import subprocess
import threading

from .subjects import Responder

METRICS = "127.0.0.1:9717"


class Announcer(Responder):
    """The release binary under test, on the embedded lease."""

    binary = None

    def __init__(self, lan, work, addresses, metrics=False):
        super().__init__(lan, work, addresses)
        # Two files that differ in one address: what a reload has to work on.
        for variant, drop in (("full", None), ("less", addresses[len(addresses) // 4])):
            kept = [a for a in addresses if a != drop or len(addresses) == 1]
            with open(os.path.join(self.directory, variant + ".yaml"), "w") as file:
                # The steady state is measured, which 10,000 addresses reach after two minutes of
                # announcing: one round at once, and no refresh.
                file.write(configuration(
                    lan.name, kept, self.directory, local_lease(self.directory + "/claims"),
                    gratuitous="{ schedule: [0ms], refresh: 0s, spacing: 0ms }"))
                if metrics:
                    file.write(f"metrics: {{ listen: \"{METRICS}\" }}\n")
        os.mkdir(os.path.join(self.directory, "claims"))
        self.use("full")

    def use(self, variant):
        link = os.path.join(self.directory, "config.new")
        os.symlink(variant + ".yaml", link)
        os.replace(link, os.path.join(self.directory, "config.yaml"))

    def line(self):
        return [self.binary, "run", "--config", os.path.join(self.directory, "config.yaml")]

    @contextlib.contextmanager
    def reloading(self):
        """Reloads the configuration again and again, another one each time."""
        stop = threading.Event()

        def loop():
            count = 0
            while not stop.wait(0.05):
                count += 1
                self.use("less" if count % 2 else "full")
                self.process.send_signal(signal.SIGHUP)

        thread = threading.Thread(target=loop)
        thread.start()
        try:
            yield
        finally:
            stop.set()
            thread.join()
            self.use("full")
            self.process.send_signal(signal.SIGHUP)


def configuration(node, addresses, directory, lease, gratuitous=None):
    """A configuration file for one node whose interface is lan0."""
    lines = [f"node: {node}", 'interfaces: ["^lan0$"]', "announcements:", "  - name: bench",
             "    addresses:", *(f'      - "{address}"' for address in addresses), lease,
             f"control: {{ socket: {directory}/socket }}", "log: { level: warning }"]
    if gratuitous:
        lines.append(f"gratuitous: {gratuitous}")
    return "\n".join(lines) + "\n"


def local_lease(directory):
    return f"lease: {{ backend: local, local: {{ directory: {directory} }} }}"


def etcd_lease(endpoint, seconds):
    return (f"lease: {{ backend: etcd, duration: {seconds}s, "
            f"etcd: {{ endpoints: [\"{endpoint}\"], prefix: /bench }} }}")


def states(binary, directory):
    """The states of all addresses as `announcer status` has them; none while it does not answer."""
    answer = subprocess.run([binary, "status", "--socket", f"{directory}/socket", "--output", "json"],
                            capture_output=True, text=True)
    if answer.returncode != 0:
        return []
    return [address["state"] for address in json.loads(answer.stdout)["addresses"]]
