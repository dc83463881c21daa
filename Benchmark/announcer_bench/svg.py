"""A picture of ratios: bars on a logarithmic scale, with whiskers from the worst round to the best.
Pure; an SVG that stands alone, and follows the reader's choice of light or dark."""

import html
import math
from dataclasses import dataclass

LABEL, PLOT, VALUE, LINE, TOP, FOOT = 450, 470, 90, 24, 72, 44
PANEL_HEAD, PANEL_FOOT = 34, 34
WIDTH = LABEL + PLOT + VALUE
TICKS = (0.001, 0.002, 0.005, 0.01, 0.02, 0.05, 0.1, 0.2, 0.5, 1, 2, 5, 10, 20, 50, 100)

# Middling tones: each is told from the others, and from black and white.
COLOURS = {"C": "#3b82d6", "kernel": "#149a86", "keepalived": "#d9822b", "announcer": "#8b6fd6"}
STYLE = """
  text { font: 13px system-ui, "DejaVu Sans", sans-serif; fill: #1d2430; }
  .head { font-size: 18px; font-weight: 600; }
  .part { font-size: 15px; font-weight: 600; }
  .quiet { fill: #5b6470; }
  .back { fill: #ffffff; }
  .grid { stroke: #d8dde3; }
  .one { stroke: #5b6470; stroke-width: 1.5; }
  .whisker { stroke: #1d2430; stroke-width: 1.5; }
  @media (prefers-color-scheme: dark) {
    text { fill: #e6e9ee; }
    .quiet { fill: #a3adba; }
    .back { fill: #14181e; }
    .grid { stroke: #333b46; }
    .one { stroke: #a3adba; }
    .whisker { stroke: #e6e9ee; }
  }
"""


@dataclass(frozen=True)
class Bar:
    """One ratio of costs, under 1 where the announcer costs less; `low` and `high` over the rounds."""

    label: str
    against: str
    ratio: float
    low: float
    high: float


@dataclass(frozen=True)
class Panel:
    """Bars that share a scale: a takeover's thousandth would press all answers into one line."""

    title: str
    bars: list


def bars(results):
    """What can be drawn: a rate is turned into time per answer, so that shorter is always better."""
    drawn = []
    for result in results:
        if not result.row.ratio_to or not result.reached or min(result.ratios) <= 0:
            continue
        values, label = (result.reached, min(result.ratios), max(result.ratios)), result.row.text
        if result.row.more_is_better:
            values, label = (1 / values[0], 1 / values[2], 1 / values[1]), f"{label} (time)"
        drawn.append(Bar(label, result.row.ratio_to, *values))
    return drawn


def panels(results):
    """Answers above, takeovers and starts below."""
    slow = [result for result in results if result.row.unit == "ms"]
    both = (Panel("Answers", bars([result for result in results if result not in slow])),
            Panel("Takeover and start", bars(slow)))
    return [panel for panel in both if panel.bars]


def scale(drawn):
    """The ends of the axis: ticks around everything, and around 1."""
    low, high = min([b.low for b in drawn] + [0.5]), max([b.high for b in drawn] + [2])
    return (max([t for t in TICKS if t <= low], default=TICKS[0]),
            min([t for t in TICKS if t >= high], default=TICKS[-1]))


def draw(drawn, title, subtitle):
    """The picture of several panels."""
    top, inner = TOP, []
    for panel in drawn:
        inner += draw_panel(panel, top)
        top += PANEL_HEAD + LINE * len(panel.bars) + PANEL_FOOT
    height = top + FOOT
    out = [f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {WIDTH} {height}" '
           f'width="{WIDTH}" height="{height}" role="img" aria-label="{html.escape(title)}">',
           f"<style>{STYLE}</style>", f'<rect class="back" width="{WIDTH}" height="{height}"/>',
           f'<text class="head" x="16" y="30">{html.escape(title)}</text>',
           f'<text class="quiet" x="16" y="52">{html.escape(subtitle)}</text>', *inner,
           *legend([bar for panel in drawn for bar in panel.bars], top + 22)]
    return "\n".join(out) + "\n</svg>\n"


def draw_panel(panel, top):
    low, high = scale(panel.bars)

    def x(value):
        share = math.log(min(max(value, low), high) / low) / math.log(high / low)
        return round(LABEL + PLOT * share, 1)

    start, bottom = top + PANEL_HEAD, top + PANEL_HEAD + LINE * len(panel.bars)
    yield f'<text class="part" x="16" y="{top + 20}">{html.escape(panel.title)}</text>'
    for tick in (tick for tick in TICKS if low <= tick <= high):
        kind = "one" if tick == 1 else "grid"
        yield (f'<line class="{kind}" x1="{x(tick)}" x2="{x(tick)}" y1="{start - 4}" '
               f'y2="{bottom}"/>')
        if narrow(low, high) or math.log10(tick) == round(math.log10(tick)):
            yield (f'<text class="quiet" text-anchor="middle" x="{x(tick)}" '
                   f'y="{bottom + 17}">{tick:g}</text>')
    for index, bar in enumerate(panel.bars):
        yield from draw_bar(bar, start + LINE * index, x)


def narrow(low, high):
    """Whether there is room for a number at each tick."""
    return high / low <= 1000


def draw_bar(bar, top, x):
    middle, start, end = top + LINE / 2, min(x(1), x(bar.ratio)), max(x(1), x(bar.ratio))
    ends = (x(bar.low), x(bar.high))
    yield f'<text text-anchor="end" x="{LABEL - 10}" y="{middle + 4}">{html.escape(bar.label)}</text>'
    yield (f'<rect fill="{COLOURS.get(bar.against, "#888888")}" x="{start}" y="{top + 5}" '
           f'width="{max(end - start, 1.5):.1f}" height="{LINE - 10}" rx="2"/>')
    yield f'<line class="whisker" x1="{ends[0]}" x2="{ends[1]}" y1="{middle}" y2="{middle}"/>'
    for end in ends:
        yield f'<line class="whisker" x1="{end}" x2="{end}" y1="{middle - 4}" y2="{middle + 4}"/>'
    value = f"{bar.ratio:.2f}" if bar.ratio >= 0.1 else f"{bar.ratio:.2g}"
    yield f'<text x="{LABEL + PLOT + 14}" y="{middle + 4}">{value}</text>'


def legend(drawn, y):
    """One mark for each subject that something is divided by."""
    at = 16
    for against in dict.fromkeys(bar.against for bar in drawn):
        word = "itself, undisturbed" if against == "announcer" else against
        yield (f'<rect fill="{COLOURS.get(against, "#888888")}" x="{at}" y="{y - 11}" width="12" '
               f'height="12" rx="2"/>')
        yield f'<text x="{at + 18}" y="{y}">against {html.escape(word)}</text>'
        at += 50 + 7 * len(f"against {word}")
