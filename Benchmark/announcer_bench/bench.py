"""`make bench`: everything is measured, in rounds, and written as table, report, picture and JSON."""

import os

from . import answers, failover, lifetimes, machine, report, rows, scraping, store, table
from .addresses import MANY, scattered
from .failover import NODES, Failover
from .members import ADDRESS, KeepalivedMember
from .network import Lan
from .samples import Samples
from .session import Session, stop
from .system import CLOSERS, await_condition, in_parallel, run, say

PARTS = ("answers", "start", "links", "noise", "scrape", "failover")
SCRAPED_PAIRS = 4
REPEATS = 5


def main(options):
    wanted = set((options.only or ",".join(PARTS)).split(","))
    described = machine.describe()
    machine.warn_if_busy(described)
    samples = Samples()
    contenders = failover.contenders()
    missing = sorted({c.program for c in contenders if not c.installed()})
    with CLOSERS:
        session = Session(options.announcer)
        if wanted & {"answers", "start", "links", "noise", "scrape"}:
            measure(session, samples, wanted, options)
        if "failover" in wanted:
            if missing:
                say(f"not installed: {', '.join(missing)} (scripts/deps bench)")
            measure_failover(session, samples, [c for c in contenders if c.installed()],
                             options.rounds)
            if "keepalived" not in missing:
                measure_many_of_keepalived(session, samples)
    results = [row.evaluate(samples, missing) for row in rows.all_rows(store.SHORTEST_LEASE)]
    results = [result for result in results if result.measured()]
    print(table.text(results))
    written = report.write(options.output, results, samples, described, options, missing)
    print(f"\nreport: {written}")
    missed = [result for result in results if result.ok is False]
    if missed:
        print(f"missed: {len(missed)} of {sum(result.ok is not None for result in results)}")
    return 1 if missed and options.strict else 0


def measure(session, samples, wanted, options):
    load, rounds, seconds = session.load, options.rounds, options.seconds
    if "answers" in wanted:
        one, many = session.start_one(), session.start_many()
        for number in range(rounds):
            say(f"round {number + 1} of {rounds}: answers")
            answers.measure_one(samples, load, one, number, seconds)
            answers.measure_many(samples, load, many, number, seconds)
            answers.measure_reloading(samples, load, many, number, seconds)
        session.keep_memory(samples, one, many, (0, 0))
        stop(one)
        stop(many)
    if "scrape" in wanted:
        scraped = scraping.start(session.lan("as"), session.work, load)
        for number in range(rounds):
            scraping.measure(samples, load, scraped, number, SCRAPED_PAIRS)
        scraped.stop()
    if "start" in wanted:
        lifetimes.measure_start(samples, load, session.work, session.spare(), 0, rounds + 2)
    if "links" in wanted:
        lifetimes.measure_links(samples, load, session.work, session.lan("xa"), 0, rounds + 2)
    if "noise" in wanted:
        answers.measure_noise(samples, load, session.work, session.spare(), 0, 10 * seconds)


def measure_failover(session, samples, contenders, rounds):
    """What waits for its own timers is measured side by side; the embedded lease alone."""
    alone, waiting = [], []
    for contender in contenders:
        one = Failover(contender, session.network, session.work, session.load)
        (alone if contender.setting == "embedded" else waiting).append(one)
    for number in range(rounds):
        say(f"round {number + 1} of {rounds}: failover, {REPEATS} times planned and unplanned")
        for one in alone:
            one.measure(samples, number, REPEATS)
        in_parallel([lambda one=one: one.measure(samples, number, REPEATS) for one in waiting])


def measure_many_of_keepalived(session, samples):
    """What keepalived needs to hold 10,000 addresses, once they are on the interface."""
    say("keepalived: 10,000 addresses")
    lan = Lan(session.network, "fm", NODES)
    directory = os.path.join(session.work, "keepalived-many")
    os.mkdir(directory)
    member = KeepalivedMember(lan, NODES[0], directory, 0.1,
                              [ADDRESS, *scattered(MANY - 1, 4)])
    member.start()
    await_condition("10,000 addresses on keepalived's interface", lambda: run(
        "ip", "-n", member.namespace, "-4", "-oneline", "address", "show", "dev", "lan0"
    ).count("\n") > MANY, interval=0.5)
    samples.add(f"memory {MANY}", "keepalived", member.memory(), (0, 0))
    member.kill()
