"""`make bench-check` and `make bench-baseline`: the ratios that are steady enough to be held."""

import json
import time

from . import answers, compare, machine, rows, scraping
from .addresses import MANY, PROTOCOLS
from .samples import Samples
from .session import Session, stop
from .subjects import Kernel
from .system import CLOSERS, say

BASELINE_ROUNDS = 9
EXTRA_ROUNDS = 3
# A verdict is due within four minutes: no extra round begins after this.
PATIENCE_SECONDS = 200
TURNS = 2
SCRAPED_PAIRS = 4
NOISE_SECONDS = 1.5


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
            say(f"once more: {', '.join(sorted(suspects))}")
            measure_round(session, samples, number, options.seconds,
                          [row for row in wanted if row.text in suspects])
            verdicts = judged(samples, wanted, baseline)
    for verdict in verdicts:
        print(verdict.line())
    failed = compare.failed(verdicts)
    print(f"\n{len(verdicts) - len(failed)} of {len(verdicts)} rows as committed or better, "
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
    protocols = [p for p in PROTOCOLS if any(f.endswith(f" {p}") for f in figures)]
    modes = [m for m in answers.MODES if any(f.startswith(f"{m} ") for f in figures)]
    many_wanted = any(f.startswith(("many", "noise", "memory")) for f in figures)
    if modes or "memory 1" in figures:
        one = session.start_one()
        if modes:
            answers.measure_one(samples, session.load, one, number, seconds, protocols, modes, TURNS)
        keep_memory(samples, "memory 1", one, number)
        stop(one)
    if many_wanted:
        many = session.start_many()
        measure_many(session.load, samples, many, number, seconds, figures)
        keep_memory(samples, f"memory {MANY}", many, number)
        stop(many)
    if "flood scraped" in figures:
        scraped = scraping.start(session.lan("as"), session.work, session.load)
        scraping.measure(samples, session.load, scraped, number, SCRAPED_PAIRS, seconds=1.5)
        scraped.stop()


def measure_many(load, samples, many, number, seconds, figures):
    for turn in range(TURNS):
        for protocol in PROTOCOLS:
            for mode, figure in (("latency", f"many {protocol}"), ("flood", f"many flood {protocol}")):
                if figure in figures:
                    for name, subject in many.items():
                        result = load.measure(subject.lan, mode, protocol,
                                              subject.list_for(protocol), seconds=seconds)
                        value = result["per_second" if mode == "flood" else "p50"]
                        samples.add(figure, name, value, (number, turn))
            figure = f"noise {protocol} {MANY}"
            if figure in figures:
                for name, subject in many.items():
                    before = subject.cpu_seconds()
                    load.measure(subject.lan, "noise", protocol, subject.list_for(protocol),
                                 rate=20000, seconds=NOISE_SECONDS)
                    share = (subject.cpu_seconds() - before) / NOISE_SECONDS
                    samples.add(figure, name, 100 * share, (number, turn))


def keep_memory(samples, figure, subjects, number):
    for name, subject in subjects.items():
        if not isinstance(subject, Kernel):
            samples.add(figure, name, subject.memory(), (number, 0))
