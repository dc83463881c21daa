"""What a start costs, how soon a link is noticed, and what is kept in memory."""

from .addresses import ONE
from .announcer import Announcer
from .system import boot_clock, run, say


def measure_start(samples, load, work, kinds, number, times):
    """From exec to the first answer, at a client that asks each millisecond."""
    for turn in range(times):
        for name, (kind, lan) in kinds.items():
            say(f"start {turn + 1} of {times}: {name}")
            responder = kind(lan, work, ONE)
            watch = load.watch(lan, "arp", ONE[0], interval=1000, seconds=20)
            since = boot_clock()
            responder.start()
            samples.add("start", name, watch.first_answer(since), (number, turn))
            responder.stop()


def measure_links(samples, load, work, lan, number, times):
    """From a carrier, or a new interface, to the first answer on it."""
    announcer = Announcer(lan, work, ONE).start().await_answers(load)
    for turn in range(times):
        say(f"links {turn + 1} of {times}")
        lan.set_port("node", "down")
        watch = load.watch(lan, "arp", ONE[0], interval=1000, seconds=20)
        since = boot_clock()
        lan.set_port("node", "up")
        samples.add("carrier", "announcer", watch.first_answer(since), (number, turn))

        run("ip", "-n", lan.node, "link", "delete", "dev", "lan0")
        watch = load.watch(lan, "arp", ONE[0], interval=1000, seconds=20)
        since = boot_clock()
        lan.join(lan.node, "lan0", "node")
        samples.add("appears", "announcer", watch.first_answer(since), (number, turn))
    announcer.stop()
