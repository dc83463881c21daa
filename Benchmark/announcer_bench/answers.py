"""Latency and throughput of answers: the subjects take turns, so that none has the quiet seconds."""

from .addresses import MANY, PROTOCOLS, family_of, scattered
from .system import say

TURNS = 3
MODES = ("latency", "paced", "flood")


def measure_one(samples, load, subjects, number, seconds, protocols=PROTOCOLS, modes=MODES,
                turns=TURNS, tails=True):
    """Back to back, one a millisecond, and as many as can be, for one address. Samples that come
    one a millisecond are few: for `tails`, they are taken for longer."""
    order = list(subjects.items())
    order = order[number % len(order):] + order[:number % len(order)]
    # Short turns: what else the machine does for a second then hits every subject.
    for turn in range(turns):
        for protocol in protocols:
            for mode in modes:
                for name, subject in order:
                    length = 3 * seconds if mode == "paced" and tails else seconds
                    result = load.measure(subject.lan, mode, protocol, subject.list_for(protocol),
                                          seconds=length)
                    keep(samples, name, mode, protocol, result, (number, turn))


def keep(samples, name, mode, protocol, result, turn):
    if mode == "flood":
        samples.add(f"flood {protocol}", name, result["per_second"], turn)
        return
    samples.add(f"{mode} {protocol}", name, result["p50"], turn)
    samples.add(f"{mode} p99 {protocol}", name, result["p99"], turn)
    # Several in a turn: each is its own.
    samples.add("lost", name, result["lost"], (turn[0], f"{turn[1]} {mode} {protocol}"))


def measure_many(samples, load, many, number, seconds, protocols=PROTOCOLS, turns=TURNS):
    """The same back to back, over 10,000 addresses."""
    for turn in range(turns):
        for protocol in protocols:
            for name, subject in many.items():
                result = load.measure(subject.lan, "latency", protocol,
                                      subject.list_for(protocol), seconds=seconds)
                samples.add(f"many {protocol}", name, result["p50"], (number, turn))


def measure_reloading(samples, load, many, number, seconds):
    """Both are asked while the announcer works on one reload after the other: the same contention
    for the cores."""
    with many["announcer"].reloading():
        for name, subject in many.items():
            result = load.measure(subject.lan, "paced", "arp", subject.list_for("arp"),
                                  seconds=6 * seconds)
            samples.add("reloading p99 arp", name, result["p99"], (number, 0))
            samples.add("reloading arp", name, result["p50"], (number, 0))


def measure_noise(samples, load, work, kinds, number, seconds,
                  cases=tuple((protocol, count) for protocol in ("arp", "ns-multicast")
                              for count in (1, 1000, MANY))):
    """The share of a core that 20,000 questions a second for other addresses cost, while some are
    answered for that lie between them."""
    for protocol, count in cases:
        for name, (kind, lan) in kinds.items():
            say(f"noise: {name}, {count} addresses, {protocol}")
            responder = kind(lan, work, scattered(count, family_of(protocol))).start()
            responder.await_answers(load)
            before = responder.cpu_seconds()
            load.measure(lan, "noise", protocol, responder.list_for(protocol), rate=20000,
                         seconds=seconds)
            share = (responder.cpu_seconds() - before) / seconds
            samples.add(f"noise {protocol} {count}", name, 100 * share, (number, 0))
            responder.stop()
