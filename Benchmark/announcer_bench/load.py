"""The load generator (load.c), run in the client's namespace."""

import contextlib
import json
import os
import queue
import subprocess
import threading

from .network import enter
from .system import run


class Load:
    """Asks for addresses as a client does, and measures the answers."""

    pin = []

    def __init__(self, work, network):
        self.binary = os.path.join(work, "load")
        self.network = network

    def command(self, lan, mode, protocol, addresses, **options):
        line = enter(self.network.client) + self.pin + [
            self.binary, mode, "--interface", lan.link, "--protocol", protocol,
            "--addresses", addresses]
        for key, value in options.items():
            line += [f"--{key}", str(value)]
        return line

    def measure(self, *arguments, **options):
        """One measurement; the figures that it ends with."""
        return json.loads(run(*self.command(*arguments, **options)).splitlines()[-1])

    def watch(self, lan, protocol, address, **options):
        return Watch(self.command(lan, "watch", protocol, address, **options))


class Watch:
    """A client that asks for one address for long, and says who answers and since when."""

    def __init__(self, command):
        self.process = subprocess.Popen(command, stdout=subprocess.PIPE, text=True)
        self.events = queue.Queue()
        self.thread = threading.Thread(target=self.read, daemon=True)
        self.thread.start()
        first = self.next(10)
        assert first and first["event"] == "asking", first

    def read(self):
        for line in self.process.stdout:
            self.events.put(json.loads(line))
        self.events.put(None)

    def next(self, limit):
        """The next event, None when none comes within `limit` seconds or the watch has ended."""
        try:
            event = self.events.get(timeout=max(limit, 0))
        except queue.Empty:
            return None
        return event if event and "event" in event else None

    def forget(self):
        """Lets go of events that have come already."""
        with contextlib.suppress(queue.Empty):
            while True:
                self.events.get_nowait()

    def first_answer(self, since, limit=10):
        """Milliseconds from `since` on the boot clock to the first answer; None without one."""
        event = self.next(limit)
        self.close()
        return event["at_ns"] / 1e6 - since * 1e3 if event else None

    def close(self):
        if self.process.poll() is None:
            self.process.terminate()
        self.process.wait()
        self.thread.join()
        self.process.stdout.close()
