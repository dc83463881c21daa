"""How long a client waits for its answers when one node of two leaves, or dies."""

import os
import random
import shutil
import tempfile
import time
from dataclasses import dataclass
from typing import Callable

from . import announcer, store
from .members import ADDRESS, AnnouncerMember, KeepalivedMember, UcarpMember
from .network import Lan
from .system import GaveUp, await_condition, boot_clock, say

NODES = ("node-a", "node-b")


@dataclass
class Contender:
    """One subject in one setting. `beat` is the longest time in seconds between its signs of life:
    a node dies at any moment between two of them."""

    subject: str
    setting: str
    letter: str
    beat: float
    members: Callable
    program: str = ""

    def installed(self):
        return not self.program or shutil.which(self.program) is not None


def contenders():
    def local(lan, work):
        claims = os.path.join(work, "claims")
        os.mkdir(claims)
        return [AnnouncerMember(lan, n, work, announcer.local_lease(claims)) for n in NODES]

    def etcd(lan, work):
        lease = announcer.etcd_lease(store.EtcdMember(lan, work).endpoint, store.SHORTEST_LEASE)
        return [AnnouncerMember(lan, node, work, lease) for node in NODES]

    def keepalived(interval):
        return lambda lan, work: [KeepalivedMember(lan, n, work, interval) for n in NODES]

    def ucarp(ratio):
        return lambda lan, work: [UcarpMember(lan, node, work, ratio) for node in NODES]

    return [Contender("announcer", "embedded", "fa", 0.1, local),
            Contender("announcer", "etcd", "fe", 1, etcd, "etcd"),
            Contender("keepalived", "default", "fk", 1, keepalived(1), "keepalived"),
            Contender("keepalived", "fastest", "fl", 0.1, keepalived(0.1), "keepalived"),
            Contender("ucarp", "default", "fu", 1, ucarp(3), "ucarp"),
            Contender("ucarp", "fastest", "fv", 1, ucarp(2), "ucarp")]


class Failover:
    """One contender on a LAN of two nodes, and the client that asks it."""

    def __init__(self, contender, network, work, load):
        self.contender, self.load = contender, load
        self.work = tempfile.mkdtemp(prefix=f"{contender.letter}-", dir=work)
        self.lan = Lan(network, contender.letter, NODES)
        self.members = contender.members(self.lan, self.work)
        self.random = random.Random(contender.letter)
        self.watch, self.holder = None, None

    def measure(self, samples, number, repeats):
        """One round: a start, then departures and deaths in turn."""
        name, setting = self.contender.subject, self.contender.setting
        # 2,000 questions a second: half a millisecond is what a gap is known to.
        self.watch = self.load.watch(self.lan, "arp", ADDRESS, interval=500, seconds=3600)
        try:
            since = boot_clock()
            self.members[0].start()
            first = self.await_event(lambda event: True, "a first answer")
            samples.add(f"start {setting}", name, first["at_ns"] / 1e6 - since * 1e3, (number, 0))
            self.holder = self.members[0]
            self.members[1].start()
            for turn in range(repeats):
                for kind, end in (("planned", self.leave), ("unplanned", self.die)):
                    gap = self.take_over(end)
                    samples.add(f"{kind} {setting}", name, gap, (number, turn))
            samples.add(f"memory {setting}", name, self.holder.memory(), (number, 0))
        finally:
            self.watch.close()
            for member in self.members:
                member.kill()
        say(f"failover: {name}, {setting}: round {number + 1} done")

    def take_over(self, end):
        """Milliseconds from the last answer of the one node to the first of the other."""
        # At any moment between two signs of life: else all would be timed from the same one.
        self.await_standby()
        time.sleep(self.random.uniform(1, 2) * self.contender.beat)
        # On a busy machine, one with short timings may have taken over meanwhile, unasked.
        other = self.await_standby()
        gone = next(member for member in self.members if member is not other)
        self.watch.forget()
        end(gone)
        wanted = other.hardware_address()
        event = self.await_event(
            lambda event: event["event"] == "changed" and event["mac"] == wanted,
            f"an answer from {other.node} after {gone.node}")
        self.holder = other
        self.restart(gone)
        return event["gap_ms"]

    def await_standby(self):
        try:
            return await_condition("exactly one stands by", self.standby, limit=30, interval=0.1)
        except GaveUp as error:
            raise self.failure(str(error)) from None

    def failure(self, text):
        logs = "".join(f"--- {m.node}\n{open(m.log_path).read()[-1500:]}" for m in self.members)
        return GaveUp(f"{self.contender.subject} ({self.contender.setting}): {text}\n{logs}")

    def standby(self):
        """The one member that waits for its turn; None while that is not exactly one."""
        waiting = [member for member in self.members if member.is_standby()]
        return waiting[0] if len(waiting) == 1 else None

    def leave(self, member):
        member.leave()

    def die(self, member):
        self.lan.set_port(member.node, "down")
        member.kill()

    def restart(self, member):
        if member.process:
            member.process.wait(timeout=20)
            member.forget()
        self.lan.set_port(member.node, "up")
        member.start()

    def await_event(self, condition, what, limit=30):
        end = time.monotonic() + limit
        while time.monotonic() < end:
            event = self.watch.next(end - time.monotonic())
            if event and condition(event):
                return event
        raise self.failure(f"gave up waiting for {what}")
