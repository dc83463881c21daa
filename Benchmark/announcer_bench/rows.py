"""The lines of the table: which figure, divided by whose, and what it has to reach. Pure."""

from dataclasses import dataclass, field

from .addresses import MANY, PROTOCOLS

SUBJECTS = ("announcer", "C", "kernel", "keepalived", "ucarp")


@dataclass(frozen=True)
class Row:
    """One line. `ratio_to` names the subject to divide the announcer by, in the figure `other` if
    that is another; without it the announcer's value itself is held against the target. `figures`
    names what other subjects call this figure. A rate is `more_is_better`."""

    text: str
    figure: str
    unit: str
    ratio_to: str | None = None
    other: str | None = None
    figures: dict = field(default_factory=dict)
    at_most: float | None = None
    at_least: float | None = None
    worst: bool = False
    more_is_better: bool = False

    def figure_of(self, subject):
        return self.figures.get(subject, self.figure)

    def evaluate(self, samples, missing=()):
        """What the samples say; `missing` are the subjects that are not installed."""
        values = {}
        for subject in SUBJECTS:
            value = samples.median(self.figure_of(subject), subject)
            values[subject] = "not installed" if value is None and subject in missing and (
                subject in self.figures) else value
        if self.worst:
            values["announcer"] = samples.worst(self.figure, "announcer")
        ratios, reached = [], values["announcer"]
        if self.ratio_to:
            base = (self.other or self.figure_of(self.ratio_to), self.ratio_to)
            ratios = samples.round_ratios((self.figure, "announcer"), base)
            reached = median(ratios)
        ok = None
        if reached is not None and self.at_most is not None:
            ok = reached <= self.at_most
        if reached is not None and self.at_least is not None:
            ok = reached >= self.at_least
        return Result(self, values, reached, ratios, ok)


@dataclass(frozen=True)
class Result:
    """A row's figures; `ratios` has one for each round, `reached` is their median."""

    row: Row
    values: dict
    reached: float | None
    ratios: list
    ok: bool | None

    def measured(self):
        """Whether anything was: a run may be of some parts only."""
        return any(isinstance(value, (int, float)) for value in self.values.values())

    def target(self):
        if self.row.at_most is not None:
            return f"<= {self.row.at_most:g}"
        return "" if self.row.at_least is None else f">= {self.row.at_least:g}"

    def document(self):
        return {"figure": self.row.text, "unit": self.row.unit, "values": self.values,
                "ratioTo": self.row.ratio_to, "reached": self.reached, "rounds": self.ratios,
                "moreIsBetter": self.row.more_is_better, "target": self.target(), "ok": self.ok}


def median(values):
    ordered = sorted(values)
    middle = len(ordered) // 2
    if not ordered:
        return None
    return ordered[middle] if len(ordered) % 2 else (ordered[middle - 1] + ordered[middle]) / 2


def answer_rows():
    for p in PROTOCOLS:
        yield Row(f"{p}: latency back to back, p50", f"latency {p}", "us", "C", at_most=1.15)
        yield Row(f"{p}: latency, against the kernel", f"latency {p}", "us", "kernel", at_most=2)
        yield Row(f"{p}: latency one a millisecond, p50", f"paced {p}", "us", "C", at_most=1.15)
        yield Row(f"{p}: latency one a millisecond, p99", f"paced p99 {p}", "us", "C", at_most=1.3)
        yield Row(f"{p}: flood", f"flood {p}", "1/s", "C", at_least=0.85, more_is_better=True)
        yield Row(f"{p}: flood, against the kernel", f"flood {p}", "1/s", "kernel", at_least=0.85,
                  more_is_better=True)


def many_rows():
    for p in PROTOCOLS:
        # The kernel walks the list of joined groups for each multicast solicitation, on the asker's
        # core here: that is compared with C below, where the list is as long.
        yield Row(f"{p}: latency of 10,000, against one", f"many {p}", "us", "announcer",
                  other=f"latency {p}", at_most=None if p == "ns-multicast" else 1.1)
    yield Row("ns-multicast: latency of 10,000, as many groups", "many ns-multicast", "us", "C",
              at_most=1.15)
    # Both are asked while the announcer's control plane is at work: the same contention for the cores.
    yield Row("arp: p99 while 10,000 are reloaded", "reloading p99 arp", "us", "C", at_most=1.3)
    yield Row("arp: flood of 10,000, scraped against unscraped", "flood scraped", "1/s",
              "announcer", other="flood unscraped", at_least=0.95, more_is_better=True)
    yield Row("one scrape of 10,000 in that flood", "scrape", "ms")


def peers(figure):
    return {"keepalived": figure, "ucarp": figure}


def takeover_rows(lease_seconds):
    for kind in ("planned", "unplanned"):
        for lease, text, rivals, setting in (
                ("embedded", "embedded lease", "peers as delivered", "default"),
                ("embedded", "embedded lease", "peers at their fastest", "fastest"),
                ("etcd", f"etcd, {lease_seconds} s", "peers at their fastest", "fastest")):
            yield Row(f"takeover {kind}: {text}; {rivals}", f"{kind} {lease}", "ms", "keepalived",
                      figures=peers(f"{kind} {setting}"))


def cost_rows():
    memory = {"keepalived": "memory default", "ucarp": "memory default"}
    yield Row("memory with one address", "memory 1", "MiB", at_most=25, figures=memory)
    yield Row("memory with 10,000 addresses", f"memory {MANY}", "MiB", at_most=60,
              figures={"keepalived": f"memory {MANY}"})
    yield Row("exec to first answer, worst", "start", "ms", at_most=100, worst=True)
    yield Row("exec to first answer; peers as delivered", "start", "ms", "keepalived",
              figures=peers("start default"))
    yield Row("exec to first answer; peers at their fastest", "start", "ms", "keepalived",
              figures=peers("start fastest"))
    yield Row("carrier to first answer, worst", "carrier", "ms", at_most=200, worst=True)
    yield Row("new interface to first answer, worst", "appears", "ms", at_most=200, worst=True)
    for protocol in ("arp", "ns-multicast"):
        for count, limit in ((1, 2), (1000, 2), (MANY, 10)):
            yield Row(f"{protocol}: 20,000/s irrelevant, {count:,} scattered",
                      f"noise {protocol} {count}", "% core", at_most=limit)
    yield Row("questions without an answer", "lost", "")


def all_rows(lease_seconds):
    """The table of `make bench`, from top to bottom."""
    return [*answer_rows(), *many_rows(), *takeover_rows(lease_seconds), *cost_rows()]


def checked_rows():
    """What `make bench-check` holds against the committed ratios. Tails, takeovers and starts are not
    among them: they hang on timers and on the scheduler, and would need too many repeats."""
    rows = []
    for p in PROTOCOLS:
        for subject in ("C", "kernel"):
            rows.append(Row(f"{p}: latency back to back / {subject}", f"latency {p}", "us", subject))
            rows.append(Row(f"{p}: flood / {subject}", f"flood {p}", "1/s", subject,
                            more_is_better=True))
        rows.append(Row(f"{p}: latency one a millisecond / C", f"paced {p}", "us", "C"))
        rows.append(Row(f"{p}: core for an answer in a flood / C", f"work {p}", "us", "C"))
        rows.append(Row(f"{p}: latency of 10,000 / C", f"many {p}", "us", "C"))
        rows.append(Row(f"{p}: core for an answer of 10,000 / C", f"many work {p}", "us", "C"))
    rows.append(Row("memory with one address / C", "memory 1", "MiB", "C"))
    rows.append(Row("memory with 10,000 addresses / C", f"memory {MANY}", "MiB", "C"))
    rows.append(Row("arp: flood of 10,000, scraped / unscraped", "flood scraped", "1/s", "announcer",
                    other="flood unscraped", more_is_better=True))
    return rows
