"""Measured ratios against committed ones: what is worse by more than its margin, and what cannot be
told. Pure."""

import math
import random
from dataclasses import dataclass

from .rows import median

MARGIN = 0.10
WIDEST = 0.30
BASE_ROUNDS = 3


def worsening(ratio, base, more_is_better):
    """By what share `ratio` costs more than `base`: 0.12 for 12 % more time, or for a rate that
    takes 12 % longer an answer. Negative for what became better."""
    return base / ratio - 1 if more_is_better else ratio / base - 1


def spread(ratios, size=BASE_ROUNDS, seed=1):
    """How far the median of `size` rounds lies from the median of all, as a share, in 90 of 100
    draws from the rounds that were seen: the noise of the very figure that is compared."""
    rng = random.Random(seed)
    middle = median(ratios)
    draws = sorted(median(rng.choices(ratios, k=size)) / middle for _ in range(2000))
    tail = len(draws) // 20
    return max(1 - draws[tail], draws[-tail - 1] - 1)


def entry(ratios):
    """What the baseline keeps of a row: its ratio, and the margin that its own noise allows; or the
    reason why it is left out."""
    noise = spread(ratios)
    kept = {"ratio": round(median(ratios), 4), "spread": round(noise, 3),
            "rounds": [round(value, 4) for value in ratios]}
    if noise > WIDEST:
        kept["leftOut"] = (f"its own rounds differ by {noise:.0%}: a change of {WIDEST:.0%} could "
                           "not be told from noise")
    else:
        kept["margin"] = MARGIN if noise <= MARGIN else round(math.ceil(noise * 20) / 20, 2)
    return kept


@dataclass(frozen=True)
class Verdict:
    """One row of the comparison; `change` is the worsening, None where there is nothing to compare."""

    text: str
    state: str
    ratio: float | None = None
    base: float | None = None
    change: float | None = None
    margin: float | None = None
    rounds: int = 0
    reason: str = ""

    def line(self):
        if self.change is None:
            return f"{self.state:9}  {self.text}: {self.reason}"
        word = "worse" if self.change >= 0 else "better"
        return (f"{self.state:9}  {self.text}: {self.ratio:.3f}, committed {self.base:.3f}: "
                f"{abs(self.change):.1%} {word} (margin {self.margin:.0%}, {self.rounds} rounds)")


def judge(row, ratios, kept):
    """One row's verdict: `ok`, `REGRESSED`, `left out`, or `MISSING` for what should have been
    measured and was not, which is no pass either."""
    if kept is None:
        return Verdict(row.text, "MISSING", reason="not in the baseline: make bench-baseline")
    if "leftOut" in kept:
        return Verdict(row.text, "left out", reason=kept["leftOut"])
    if not ratios:
        return Verdict(row.text, "MISSING", reason="not measured")
    change = worsening(median(ratios), kept["ratio"], row.more_is_better)
    state = "REGRESSED" if change > kept["margin"] else "ok"
    return Verdict(row.text, state, median(ratios), kept["ratio"], change, kept["margin"],
                   len(ratios))


def failed(verdicts):
    return [verdict for verdict in verdicts if verdict.state in ("REGRESSED", "MISSING")]
