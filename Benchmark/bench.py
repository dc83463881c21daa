#!/usr/bin/env python3
"""Measures the announcer beside a C responder of the same design and the kernel's own answers.

Every subject has a LAN of its own (bridge, node, one link of the client) so that none pays for
another's broadcasts. The subjects take turns within each round; the table shows medians over the
rounds, and ratios of these medians. Nothing is pinned to a core unless asked for. Needs root.
"""

import argparse
import contextlib
import ipaddress
import json
import os
import random
import signal
import statistics
import subprocess
import sys
import tempfile
import threading
import time

HERE = os.path.dirname(os.path.abspath(__file__))
ONE = ["10.80.8.150", "2001:db8::10"]
PROTOCOLS = ["arp", "ns-multicast", "ns-unicast"]
MANY = 10_000
TURNS = 3
CLOSERS = contextlib.ExitStack()


def run(*command, **options):
    return subprocess.run(command, check=True, capture_output=True, text=True, **options).stdout


def boot_clock():
    return time.clock_gettime(time.CLOCK_BOOTTIME)


def warn_if_busy():
    """Other work on the machine makes every ratio a matter of luck: better said than guessed."""
    def times():
        with open("/proc/stat") as file:
            fields = [int(field) for field in file.readline().split()[1:9]]
        return sum(fields), fields[3] + fields[4]

    total, idle = times()
    time.sleep(1)
    total, idle = times()[0] - total, times()[1] - idle
    busy = 100 * (1 - idle / total)
    if busy > 5:
        say(f"warning: the machine is {busy:.0f} % busy with other work; "
            "expect misses that a quiet machine does not show")
    return busy


def say(text):
    print(text, file=sys.stderr, flush=True)


def scattered(count, family, seed=1):
    """Addresses without neighbours, over a /12 or over 2^32 interface identifiers."""
    rng = random.Random(seed)
    base, size = (int(ipaddress.ip_address("10.96.0.0")), 1 << 20)
    if family == 6:
        base, size = (int(ipaddress.ip_address("2001:db8::")), 1 << 32)
    kind = ipaddress.IPv4Address if family == 4 else ipaddress.IPv6Address
    return [str(kind(base + 2 * n + 1)) for n in sorted(rng.sample(range(size // 2), count))]


class Network:
    """The client's namespace, and for each subject a bridge and a node."""

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
            for pid in run("ip", "netns", "pids", name).split():
                with contextlib.suppress(ProcessLookupError):
                    os.kill(int(pid), signal.SIGKILL)
            run("ip", "netns", "delete", name)


class Lan:
    """One subject's LAN; `link` is the client's end of it."""

    def __init__(self, network, name):
        self.network, self.name, self.link = network, name, f"to-{name}"
        self.bridge = network.namespace(f"{name}-bridge")
        self.node = network.namespace(f"{name}-node")
        run("ip", "-n", self.bridge, "link", "add", "name", "br0", "type", "bridge",
            "mcast_snooping", "0")
        run("ip", "-n", self.bridge, "link", "set", "dev", "br0", "up")
        self.join(network.client, self.link, "client")
        self.join(self.node, "lan0", "node")
        run("ip", "-n", network.client, "address", "add", "10.80.0.1/12", "dev", self.link)

    def join(self, namespace, link, port):
        run("ip", "link", "add", "name", port, "netns", self.bridge, "type", "veth",
            "peer", "name", link, "netns", namespace)
        run("ip", "-n", self.bridge, "link", "set", "dev", port, "master", "br0", "up")
        run("ip", "-n", namespace, "link", "set", "dev", link, "up")


def enter(namespace):
    return ["nsenter", f"--net=/run/netns/{namespace}"]


class Load:
    """The load generator, in the client's namespace."""

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
        return json.loads(run(*self.command(*arguments, **options)).splitlines()[-1])

    def start_watch(self, lan, protocol, address, seconds):
        process = subprocess.Popen(
            self.command(lan, "watch", protocol, address, interval=1000, seconds=seconds),
            stdout=subprocess.PIPE, text=True)
        assert json.loads(process.stdout.readline())["event"] == "asking"
        return process

    def first_answer(self, watch, since):
        """Milliseconds from `since` to the first answer; None when there was none."""
        event = json.loads(watch.stdout.readline())
        watch.terminate()
        watch.communicate()
        return None if "event" not in event else event["at_ns"] / 1e6 - since * 1e3


class Responder:
    """A process that answers on a LAN: the announcer or the C reference."""

    pin = []

    def __init__(self, lan, work, addresses):
        self.lan, self.addresses, self.process = lan, addresses, None
        self.directory = tempfile.mkdtemp(prefix=f"{lan.name}-", dir=work)
        self.lists = {}
        for family in (4, 6):
            path = os.path.join(self.directory, f"v{family}")
            with open(path, "w") as file:
                file.writelines(a + "\n" for a in addresses if (":" in a) == (family == 6))
            self.lists[family] = "@" + path
        self.log = open(os.path.join(self.directory, "log"), "a+")
        CLOSERS.callback(self.stop)

    def list_for(self, protocol):
        return self.lists[4 if protocol == "arp" else 6]

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
            mine = [a for a in self.addresses if (":" in a) == (family == 6)]
            for address in mine[::100] + mine[-1:]:
                while True:
                    with contextlib.suppress(subprocess.CalledProcessError):
                        load.measure(self.lan, "latency", protocol, address, count=1)
                        break
                    if self.process.poll() is not None or time.monotonic() > end:
                        self.log.seek(0)
                        sys.exit(f"{self.line()[0]} does not answer:\n{self.log.read()[-3000:]}")
        return self

    def memory(self):
        with open(f"/proc/{self.process.pid}/status") as file:
            line = next(line for line in file if line.startswith("VmRSS:"))
        return int(line.split()[1]) / 1024

    def cpu_seconds(self):
        """Run time of all threads: schedstat's nanoseconds, finer than the ticks of stat."""
        total = 0
        for task in os.listdir(f"/proc/{self.process.pid}/task"):
            with contextlib.suppress(FileNotFoundError):
                with open(f"/proc/{self.process.pid}/task/{task}/schedstat") as file:
                    total += int(file.read().split()[0])
        return total / 1e9


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

    def line(self):
        return [os.path.join(os.path.dirname(self.directory), "reference-responder"), "lan0",
                self.lists[4], self.lists[6]]


class Announcer(Responder):
    binary = None

    def __init__(self, lan, work, addresses):
        super().__init__(lan, work, addresses)
        # Two files that differ in one address: what a reload has to work on.
        for variant, drop in (("full", None), ("less", addresses[len(addresses) // 4])):
            with open(os.path.join(self.directory, variant + ".yaml"), "w") as file:
                file.write(f"node: {lan.name}\ninterfaces: [\"^lan0$\"]\nannouncements:\n"
                           "  - name: bench\n    addresses:\n")
                file.writelines(f"      - \"{a}\"\n" for a in addresses
                                if a != drop or len(addresses) == 1)
                # The steady state is measured, which 10,000 addresses reach after two minutes of
                # announcing: one round at once, and no refresh.
                file.write("gratuitous: { schedule: [0ms], refresh: 0s, spacing: 0ms }\n"
                           "lease:\n  backend: local\n"
                           f"  local: {{ directory: {self.directory}/claims }}\n"
                           f"control: {{ socket: {self.directory}/socket }}\n"
                           "log: { level: warning }\n")
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


class Kernel:
    """The kernel's own answers: the addresses on the node's interface."""

    def __init__(self, lan, addresses):
        self.lan = lan
        for address in addresses:
            length = "128" if ":" in address else "32"
            run("ip", "-n", lan.node, "address", "add", f"{address}/{length}", "dev", "lan0")

    def list_for(self, protocol):
        return ONE[0 if protocol == "arp" else 1]


class Table:
    """The figures: samples by (figure, subject), and what they have to reach."""

    def __init__(self):
        self.samples, self.rows = {}, []

    def add(self, figure, subject, value):
        if value is not None:
            self.samples.setdefault((figure, subject), []).append(value)

    def median(self, figure, subject):
        values = self.samples.get((figure, subject))
        return statistics.median(values) if values else None

    def row(self, text, figure, unit, subjects=("announcer", "C", "kernel"), ratio=None,
            at_most=None, at_least=None, other=None, worst=False):
        """One line; `ratio` names the subject to divide by (in `other` figure, if given), else the
        value itself is held against the target."""
        values = {s: self.median(figure, s) for s in subjects}
        mine = values["announcer"]
        if worst and mine is not None:
            mine = values["announcer"] = max(self.samples[figure, "announcer"])
        if ratio:
            base = self.median(other or figure, ratio)
            reached = mine / base if mine is not None and base else None
        else:
            reached = mine
        target = ""
        if at_most is not None:
            target = f"<= {at_most:g}"
        if at_least is not None:
            target = f">= {at_least:g}"
        ok = None
        if reached is not None and target:
            ok = reached <= at_most if at_most is not None else reached >= at_least
        self.rows.append({"figure": text, "unit": unit, "values": values, "ratioTo": ratio,
                          "reached": reached, "target": target, "ok": ok})

    def print(self):
        def number(value):
            if value is None:
                return "-"
            return f"{value:,.0f}" if abs(value) >= 1000 else f"{value:.3g}"

        head = ("figure", "unit", "announcer", "C", "kernel", "reached", "target", "")
        lines = [head]
        for row in self.rows:
            values = row["values"]
            reached = number(row["reached"])
            if row["ratioTo"] and row["reached"] is not None:
                reached = f"{row['reached']:.2f} x {row['ratioTo']}"
            lines.append((row["figure"], row["unit"], number(values.get("announcer")),
                          number(values.get("C")), number(values.get("kernel")), reached,
                          row["target"], {True: "ok", False: "MISS", None: ""}[row["ok"]]))
        widths = [max(len(line[i]) for line in lines) for i in range(len(head))]
        for index, line in enumerate(lines):
            cells = [line[i].ljust(widths[i]) if i in (0, 1, 5, 6, 7) else line[i].rjust(widths[i])
                     for i in range(len(head))]
            print("  ".join(cells).rstrip())
            if index == 0:
                print("-" * (sum(widths) + 2 * len(widths) - 2))


def measure_answers(table, load, subjects, many, rounds, seconds):
    for number in range(rounds):
        say(f"round {number + 1} of {rounds}: answers")
        order = list(subjects.items())
        order = order[number % len(order):] + order[:number % len(order)]
        # Short turns: what else the machine does for a second then hits every subject.
        turns = [(p, m) for p in PROTOCOLS for m in ("latency", "paced", "flood")] * TURNS
        for protocol, mode in turns:
            for name, subject in order:
                # Paced samples come one a millisecond: their p99 needs many.
                result = load.measure(subject.lan, mode, protocol, subject.list_for(protocol),
                                      seconds=seconds * (3 if mode == "paced" else 1))
                if mode == "flood":
                    table.add(f"flood {protocol}", name, result["per_second"])
                else:
                    table.add(f"{mode} {protocol}", name, result["p50"])
                    table.add(f"{mode} p99 {protocol}", name, result["p99"])
                    table.add("lost", name, result["lost"])
        for protocol in PROTOCOLS * TURNS:
            for name, subject in many.items():
                result = load.measure(subject.lan, "latency", protocol,
                                      subject.list_for(protocol), seconds=seconds)
                table.add(f"many {protocol}", name, result["p50"])
        if "announcer" in many:
            busy = many["announcer"]
            arguments = ("paced", "arp")
            with busy.reloading():
                for name, subject in many.items():
                    result = load.measure(subject.lan, *arguments, subject.list_for("arp"),
                                          seconds=6 * seconds)
                    table.add("reloading p99 arp", name, result["p99"])
                    table.add("reloading arp", name, result["p50"])


def measure_noise(table, load, work, kinds, seconds):
    for family, protocol in ((4, "arp"), (6, "ns-multicast")):
        for count in (1, 1000, MANY):
            for name, (kind, lan) in kinds.items():
                say(f"noise: {name}, {count} addresses, {protocol}")
                responder = kind(lan, work, scattered(count, family)).start()
                responder.await_answers(load)
                before, start = responder.cpu_seconds(), time.monotonic()
                load.measure(lan, "noise", protocol, responder.list_for(protocol), rate=20000,
                             seconds=seconds)
                share = (responder.cpu_seconds() - before) / (time.monotonic() - start)
                table.add(f"noise {protocol} {count}", name, 100 * share)
                responder.stop()


def measure_start(table, load, work, kinds, times):
    for number in range(times):
        for name, (kind, lan) in kinds.items():
            say(f"start {number + 1} of {times}: {name}")
            responder = kind(lan, work, ONE)
            watch = load.start_watch(lan, "arp", ONE[0], 10)
            since = boot_clock()
            responder.start()
            table.add("start", name, load.first_answer(watch, since))
            responder.stop()


def measure_links(table, load, work, lan, times):
    announcer = Announcer(lan, work, ONE).start().await_answers(load)
    for number in range(times):
        say(f"links {number + 1} of {times}")
        run("ip", "-n", lan.bridge, "link", "set", "dev", "node", "down")
        watch = load.start_watch(lan, "arp", ONE[0], 10)
        since = boot_clock()
        run("ip", "-n", lan.bridge, "link", "set", "dev", "node", "up")
        table.add("carrier", "announcer", load.first_answer(watch, since))

        run("ip", "-n", lan.node, "link", "delete", "dev", "lan0")
        watch = load.start_watch(lan, "arp", ONE[0], 10)
        since = boot_clock()
        lan.join(lan.node, "lan0", "node")
        table.add("appears", "announcer", load.first_answer(watch, since))
    announcer.stop()


def fill_rows(table):
    for protocol in PROTOCOLS:
        row = table.row
        row(f"{protocol}: latency back to back, p50", f"latency {protocol}", "us", ratio="C",
            at_most=1.15)
        row(f"{protocol}: the same against the kernel", f"latency {protocol}", "us",
            ratio="kernel", at_most=2)
        row(f"{protocol}: one a millisecond, p50", f"paced {protocol}", "us", ratio="C",
            at_most=1.15)
        row(f"{protocol}: one a millisecond, p99", f"paced p99 {protocol}", "us", ratio="C",
            at_most=1.3)
        row(f"{protocol}: flood", f"flood {protocol}", "1/s", ratio="C", at_least=0.85)
        row(f"{protocol}: the same against the kernel", f"flood {protocol}", "1/s",
            ratio="kernel", at_least=0.85)
    for protocol in PROTOCOLS:
        # The kernel walks the list of joined groups for each multicast solicitation, on the asker's
        # core here: that is compared with C below, where the list is as long.
        table.row(f"{protocol}: p50 with 10,000 addresses against one", f"many {protocol}", "us",
                  ratio="announcer", other=f"latency {protocol}",
                  at_most=None if protocol == "ns-multicast" else 1.1)
    table.row("ns-multicast: the same against C with as many groups", "many ns-multicast", "us",
              ratio="C", at_most=1.15)
    # Both are asked while the announcer's control plane is at work: the same contention for the cores.
    table.row("arp: p99 while 10,000 are reloaded", "reloading p99 arp", "us", ratio="C",
              at_most=1.3)
    table.row("memory with one address", "memory 1", "MiB", at_most=25)
    table.row("memory with 10,000 addresses", f"memory {MANY}", "MiB", at_most=60)
    table.row("exec to first answer, worst", "start", "ms", at_most=100, worst=True)
    table.row("carrier to first answer, worst", "carrier", "ms", at_most=200, worst=True)
    table.row("new interface to first answer, worst", "appears", "ms", at_most=200, worst=True)
    for protocol in ("arp", "ns-multicast"):
        for count, limit in ((1, 2), (1000, 2), (MANY, 10)):
            table.row(f"{protocol}: 20,000/s irrelevant, {count:,} scattered",
                      f"noise {protocol} {count}", "% core", at_most=limit)
    table.row("questions without an answer", "lost", "")


def main():
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--announcer", help="the release binary; without it, C and kernel only")
    parser.add_argument("--rounds", type=int, default=3)
    parser.add_argument("--seconds", type=float, default=0.2, help="length of one measurement")
    parser.add_argument("--json", help="write the figures and every sample here")
    parser.add_argument("--only", help="comma-separated: answers,start,links,noise")
    parser.add_argument("--pin", action="store_true",
                        help="client on core 0, responders on core 1: steadier, less true")
    parser.add_argument("--strict", action="store_true", help="exit 1 when a target is missed")
    options = parser.parse_args()
    if os.geteuid() != 0:
        sys.exit("the benchmark makes network namespaces: run it as root")
    if options.pin:
        Load.pin, Responder.pin = ["taskset", "-c", "0"], ["taskset", "-c", "1"]
    wanted = set((options.only or "answers,start,links,noise").split(","))
    signal.signal(signal.SIGTERM, lambda *_: sys.exit(143))
    table = Table()
    busy = warn_if_busy()
    with CLOSERS:
        work = CLOSERS.enter_context(tempfile.TemporaryDirectory(prefix="announcer-bench-"))
        for program in ("load", "reference-responder"):
            run("gcc", "-O2", "-std=gnu11", "-pthread", "-o", os.path.join(work, program),
                os.path.join(HERE, program + ".c"))
        network = Network()
        load = Load(work, network)
        kinds = {"C": Reference}
        if options.announcer:
            Announcer.binary = os.path.abspath(options.announcer)
            kinds["announcer"] = Announcer
        spare = {name: (kind, Lan(network, f"x{name[0].lower()}")) for name, kind in kinds.items()}
        if "answers" in wanted:
            subjects = {"kernel": Kernel(Lan(network, "k1"), ONE)}
            many = {}
            half = scattered(MANY // 2, 4) + scattered(MANY // 2, 6)
            for name, kind in kinds.items():
                letter = name[0].lower()
                subjects[name] = kind(Lan(network, f"{letter}1"), work, ONE).start()
                many[name] = kind(Lan(network, f"{letter}2"), work, half).start()
            for name in kinds:
                subjects[name].await_answers(load)
                many[name].await_answers(load)
            measure_answers(table, load, subjects, many, options.rounds, options.seconds)
            for name in kinds:
                table.add("memory 1", name, subjects[name].memory())
                table.add(f"memory {MANY}", name, many[name].memory())
                subjects[name].stop()
                many[name].stop()
        if "start" in wanted:
            measure_start(table, load, work, spare, options.rounds + 2)
        if "links" in wanted and options.announcer:
            measure_links(table, load, work, spare["announcer"][1], options.rounds + 2)
        if "noise" in wanted:
            measure_noise(table, load, work, spare, 10 * options.seconds)
    fill_rows(table)
    table.print()
    if options.json:
        with open(options.json, "w") as file:
            json.dump({"rounds": options.rounds, "busyBefore": busy, "figures": table.rows,
                       "samples": {" / ".join(key): value
                                   for key, value in table.samples.items()}}, file, indent=2)
            file.write("\n")
    missed = [row["figure"] for row in table.rows if row["ok"] is False]
    if missed:
        print(f"\nmissed: {len(missed)} of {sum(r['ok'] is not None for r in table.rows)}")
    if missed and options.strict:
        sys.exit(1)


if __name__ == "__main__":
    try:
        main()
    except KeyboardInterrupt:
        sys.exit(130)
    except subprocess.CalledProcessError as error:
        sys.exit(f"{' '.join(error.cmd)}: {error.stderr or error}")
