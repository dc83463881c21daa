"""What a run needs before it measures: the programs, the network, the subjects."""

import contextlib
import os
import signal
import sys
import tempfile

from . import machine
from .addresses import MANY, ONE, half_and_half
from .announcer import Announcer
from .load import Load
from .network import Lan, Network
from .subjects import Kernel, Reference, Responder
from .system import CLOSERS, run

SOURCES = os.path.dirname(os.path.dirname(os.path.abspath(__file__)))


class Session:
    """Everything that is made is unmade by CLOSERS, also where a signal ends the run."""

    def __init__(self, announcer):
        for number in (signal.SIGTERM, signal.SIGHUP):
            signal.signal(number, lambda number, _: sys.exit(128 + number))
        machine.take_precedence()
        Announcer.binary = os.path.abspath(announcer)
        self.work = CLOSERS.enter_context(
            tempfile.TemporaryDirectory(prefix="announcer-bench-", dir=place_in_memory()))
        for program in ("load", "reference-responder"):
            run("gcc", "-O2", "-std=gnu11", "-pthread", "-o", os.path.join(self.work, program),
                os.path.join(SOURCES, program + ".c"))
        self.network = Network()
        self.load = Load(self.work, self.network)
        self.kinds = {"C": Reference, "announcer": Announcer}
        self.lans = {}
        self.kernel = None

    def lan(self, name):
        if name not in self.lans:
            self.lans[name] = Lan(self.network, name)
        return self.lans[name]

    def spare(self):
        """For each kind of responder a LAN on which none answers."""
        return {name: (kind, self.lan(f"x{name[0].lower()}")) for name, kind in self.kinds.items()}

    def start_one(self):
        """A responder of each kind for one address of each family, and the kernel's own."""
        self.kernel = self.kernel or Kernel(self.lan("k1"), ONE)
        return {"kernel": self.kernel, **self.start("1", ONE)}

    def start_many(self):
        """A responder of each kind for 10,000 addresses."""
        return self.start("2", half_and_half())

    def start(self, suffix, addresses):
        started = {name: kind(self.lan(name[0].lower() + suffix), self.work, addresses).start()
                   for name, kind in self.kinds.items()}
        for responder in started.values():
            responder.await_answers(self.load)
        return started

    def keep_memory(self, samples, one, many, turn):
        for name in self.kinds:
            samples.add("memory 1", name, one[name].memory(), turn)
            samples.add(f"memory {MANY}", name, many[name].memory(), turn)


@contextlib.contextmanager
def pinned():
    """The client on core 0, what is started meanwhile on core 1: steadier, less true. Where the
    scheduler puts two processes that wake each other is else the greatest noise of all."""
    if os.cpu_count() < 2:
        yield
        return
    before = Load.pin, Responder.pin
    Load.pin, Responder.pin = ["taskset", "-c", "0"], ["taskset", "-c", "1"]
    try:
        yield
    finally:
        Load.pin, Responder.pin = before


def place_in_memory(path="/dev/shm"):
    """Where files live in memory, if there is room for etcd and programs may be run: how fast the
    disk is today is not what is asked. None elsewhere, which means the usual place."""
    try:
        system = os.statvfs(path)
    except OSError:
        return None
    roomy = system.f_bavail * system.f_frsize > 1 << 30
    return path if roomy and not system.f_flag & os.ST_NOEXEC else None


def stop(subjects):
    for subject in subjects.values():
        if not isinstance(subject, Kernel):
            subject.stop()
