"""`make bench-check` and `make bench-baseline`: the ratios that are steady enough to be held."""

import json
import time

from . import answers, compare, machine, rows, scraping
from .addresses import MANY, PROTOCOLS
from .samples import Samples
from .session import Session, pinned, stop
from .subjects import Kernel
from .system import CLOSERS, say

BASELINE_ROUNDS = 9
EXTRA_ROUNDS = 3
# A verdict is due within four minutes: no extra round begins after this.
PATIENCE_SECONDS = 200
TURNS = 3
# What the figures are called that a responder for one address is started for.
ONE_ADDRESS = ("latency", "paced", *(f"flood {protocol}" for protocol in PROTOCOLS), "work", "memory 1")
SCRAPED_PAIRS = 3


def main(options):
    with open(options.baseline) as file:
        baseline = json.load(file)
    began = time.monotonic()
    described = machine.describe()
    machine.warn_if_busy(described)
    if described["cpu"] != baseline["machine"]["cpu"]:
        say(f"note: the committed ratios are of another processor ({baseline['machine']['cpu']})")
    samples, wanted = Samples(), rows.checked_rows()
    with CLOSERS:
        session = Session(options.announcer)
        for number in range(compare.BASE_ROUNDS):
            measure_round(session, samples, number, options.seconds, wanted)
        verdicts = judged(samples, wanted, baseline)
        # Bad luck does not come back; a regression does. Only what failed is measured again.
        for number in range(compare.BASE_ROUNDS, compare.BASE_ROUNDS + EXTRA_ROUNDS):
            suspects = {v.text for v in verdicts if v.state == "REGRESSED"}
            if not suspects or time.monotonic() - began > PATIENCE_SECONDS:
                break
            say(f"{len(suspects)} of {len(wanted)} rows are worse than they may be: once more")
            measure_round(session, samples, number, options.seconds,
                          [row for row in wanted if row.text in suspects])
            verdicts = judged(samples, wanted, baseline)
    for verdict in verdicts:
        print(verdict.line())
    failed = compare.failed(verdicts)
    print(f"\n{len(verdicts) - len(failed)} of {len(verdicts)} rows within their margins, "
          f"in {time.monotonic() - began:.0f} s")
    return 1 if failed else 0


def judged(samples, wanted, baseline):
    return [compare.judge(row, row.evaluate(samples).ratios, baseline["rows"].get(row.text))
            for row in wanted]


def write_baseline(options):
    described = machine.describe()
    machine.warn_if_busy(described)
    samples, wanted = Samples(), rows.checked_rows()
    with CLOSERS:
        session = Session(options.announcer)
        for number in range(options.rounds or BASELINE_ROUNDS):
            measure_round(session, samples, number, options.seconds, wanted)
    entries = {row.text: compare.entry(row.evaluate(samples).ratios) for row in wanted}
    with open(options.baseline, "w") as file:
        json.dump({"machine": described, "rows": entries}, file, indent=2)
        file.write("\n")
    for text, kept in entries.items():
        print(f"{kept['ratio']:8.3f}  {kept['spread']:6.1%}  "
              f"{kept.get('leftOut') or format(kept['margin'], '.0%')}  {text}")
    return 0


def measure_round(session, samples, number, seconds, wanted):
    """A round begins with fresh processes: where their memory lies is luck too."""
    say(f"round {number + 1}: {len(wanted)} rows")
    figures = {row.figure for row in wanted}
    with pinned():
        if any(f.startswith(ONE_ADDRESS) and f != f"memory {MANY}" for f in figures):
            one = session.start_one()
            measure_one(session.load, samples, one, number, seconds, figures)
            keep_memory(samples, "memory 1", one, number)
            stop(one)
        if any(f.startswith(("many", f"memory {MANY}")) for f in figures):
            many = session.start_many()
            measure_many(session.load, samples, many, number, seconds, figures)
            keep_memory(samples, f"memory {MANY}", many, number)
            stop(many)
    # Not pinned: a node renders its metrics on another core than it answers on.
    if "flood scraped" in figures:
        scraped = scraping.start(session.lan("as"), session.work, session.load)
        scraping.measure(samples, session.load, scraped, number, SCRAPED_PAIRS, seconds=1.5)
        scraped.stop()


def measure_one(load, samples, one, number, seconds, figures):
    protocols = [p for p in PROTOCOLS if any(f.endswith(f" {p}") for f in figures)]
    modes = [mode for mode in answers.MODES if any(f.startswith(f"{mode} ") for f in figures)]
    answers.measure_one(samples, load, one, number, seconds, protocols, modes, TURNS, tails=False)
    for turn in range(TURNS):
        for protocol in protocols:
            measure_work(load, samples, f"work {protocol}", protocol, one, (number, turn), seconds,
                         figures)


def measure_many(load, samples, many, number, seconds, figures):
    for turn in range(TURNS):
        for protocol in PROTOCOLS:
            if f"many {protocol}" in figures:
                for name, subject in many.items():
                    result = load.measure(subject.lan, "latency", protocol,
                                          subject.list_for(protocol), seconds=seconds)
                    samples.add(f"many {protocol}", name, result["p50"], (number, turn))
            measure_work(load, samples, f"many work {protocol}", protocol, many, (number, turn),
                         seconds, figures)


def measure_work(load, samples, figure, protocol, subjects, turn, seconds, figures):
    """Microseconds of a core that an answer takes in a flood: steadier than how many there are in a
    second, of which other work on the machine has its part."""
    if figure not in figures:
        return
    for name, subject in subjects.items():
        if isinstance(subject, Kernel):
            continue
        before = subject.cpu_seconds()
        result = load.measure(subject.lan, "flood", protocol, subject.list_for(protocol),
                              seconds=seconds)
        if result["answered"]:
            spent = 1e6 * (subject.cpu_seconds() - before)
            samples.add(figure, name, spent / result["answered"], turn)


def keep_memory(samples, figure, subjects, number):
    for name, subject in subjects.items():
        if not isinstance(subject, Kernel):
            samples.add(figure, name, subject.memory(), (number, 0))
