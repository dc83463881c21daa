"""Who answers: any process on a LAN, the C reference, and the kernel itself."""

import contextlib
import os
import subprocess
import sys
import tempfile
import time

from .addresses import ONE, family_of, of_family
from .network import enter
from .system import CLOSERS, GaveUp, run


class Responder:
    """A process that answers on a LAN."""

    pin = []

    def __init__(self, lan, work, addresses):
        self.lan, self.work, self.addresses, self.process = lan, work, addresses, None
        self.directory = tempfile.mkdtemp(prefix=f"{lan.name}-", dir=work)
        self.lists = {}
        for family in (4, 6):
            path = os.path.join(self.directory, f"v{family}")
            with open(path, "w") as file:
                file.writelines(address + "\n" for address in of_family(addresses, family))
            self.lists[family] = "@" + path
        self.log = open(os.path.join(self.directory, "log"), "a+")
        CLOSERS.callback(self.stop)

    def line(self):
        """The command line; a subclass says it."""
        raise NotImplementedError

    def list_for(self, protocol):
        return self.lists[family_of(protocol)]

    def start(self):
        self.process = subprocess.Popen(
            enter(self.lan.node) + self.pin + self.line(), stdout=self.log, stderr=self.log)
        return self

    def stop(self):
        if self.process and self.process.poll() is None:
            self.process.kill()
            self.process.wait()
        self.process = None

    def await_answers(self, load, limit=60):
        """Until every hundredth address of each family is answered."""
        end = time.monotonic() + limit
        for family, protocol in ((4, "arp"), (6, "ns-multicast")):
            mine = of_family(self.addresses, family)
            for address in mine[::100] + mine[-1:]:
                while True:
                    with contextlib.suppress(subprocess.CalledProcessError):
                        load.measure(self.lan, "latency", protocol, address, count=1)
                        break
                    if self.process.poll() is not None or time.monotonic() > end:
                        self.log.seek(0)
                        raise GaveUp(f"{self.line()[0]} does not answer:\n"
                                     f"{self.log.read()[-3000:]}")
        return self

    def memory(self):
        return resident_memory([self.process.pid])

    def cpu_seconds(self):
        """Run time of all threads: schedstat's nanoseconds, finer than the ticks of stat."""
        total = 0
        for task in os.listdir(f"/proc/{self.process.pid}/task"):
            with contextlib.suppress(FileNotFoundError):
                with open(f"/proc/{self.process.pid}/task/{task}/schedstat") as file:
                    total += int(file.read().split()[0])
        return total / 1e9


def resident_memory(pids):
    """Resident memory (RSS) of processes in MiB; pages that they share count for each."""
    total = 0
    for pid in pids:
        with open(f"/proc/{pid}/status") as file:
            line = next(line for line in file if line.startswith("VmRSS:"))
        total += int(line.split()[1]) / 1024
    return total


# Joins the solicited-node group of every address in a file, and keeps them until it is killed.
JOIN = """
import ipaddress, signal, socket, struct, sys
sockets = [socket.socket(socket.AF_INET6, socket.SOCK_DGRAM)]
for line in open(sys.argv[1]):
    low = int(ipaddress.ip_address(line.strip())) & 0xffffff
    group = ipaddress.ip_address(int(ipaddress.ip_address("ff02::1:ff00:0")) | low).packed
    request = group + struct.pack("i", socket.if_nametoindex("lan0"))
    try:
        sockets[-1].setsockopt(socket.IPPROTO_IPV6, socket.IPV6_JOIN_GROUP, request)
    except OSError:
        sockets.append(socket.socket(socket.AF_INET6, socket.SOCK_DGRAM))
        sockets[-1].setsockopt(socket.IPPROTO_IPV6, socket.IPV6_JOIN_GROUP, request)
print("joined", flush=True)
signal.pause()
"""


class Reference(Responder):
    """reference-responder.c: the design of the announcer's answering path, in C."""

    def start(self):
        super().start()
        # As the announcer does: with thousands of groups on a link, the kernel's own handling of
        # every multicast solicitation takes tens of microseconds, whoever answers it.
        self.groups = subprocess.Popen(
            enter(self.lan.node) + [sys.executable, "-c", JOIN, self.lists[6][1:]],
            stdout=subprocess.PIPE)
        self.groups.stdout.readline()
        return self

    def stop(self):
        super().stop()
        if groups := getattr(self, "groups", None):
            groups.kill()
            groups.wait()
            groups.stdout.close()
            self.groups = None

    def line(self):
        return [os.path.join(self.work, "reference-responder"), "lan0", self.lists[4],
                self.lists[6]]


class Kernel:
    """The kernel's own answers: the addresses on the node's interface."""

    def __init__(self, lan, addresses):
        self.lan = lan
        for address in addresses:
            length = "128" if ":" in address else "32"
            run("ip", "-n", lan.node, "address", "add", f"{address}/{length}", "dev", "lan0")

    def list_for(self, protocol):
        return ONE[0 if protocol == "arp" else 1]
