"""The results as a table: for a terminal, and for a report in Markdown or HTML. Pure."""

import html

from .rows import SUBJECTS

HEAD = ("figure", "unit", *SUBJECTS, "reached", "rounds", "target", "")
TO_THE_LEFT = {0, 1, len(HEAD) - 1, len(HEAD) - 2}


def number(value):
    """Three digits, or all before the point."""
    if value is None:
        return "-"
    if isinstance(value, str):
        return value
    return f"{value:,.0f}" if abs(value) >= 100 else f"{value:.3g}"


def cells(result):
    """One line; the ratio with its subject, and the range that it had over the rounds."""
    reached, rounds = number(result.reached), ""
    if result.row.ratio_to and result.reached is not None:
        reached = f"{ratio(result.reached)} x {result.row.ratio_to}"
        rounds = f"{ratio(min(result.ratios))} .. {ratio(max(result.ratios))}"
    elif result.ok is None:
        reached = ""
    return (result.row.text, result.row.unit, *(number(result.values[s]) for s in SUBJECTS), reached,
            rounds, result.target(), {True: "ok", False: "MISS", None: ""}[result.ok])


def ratio(value):
    return f"{value:.2f}" if value >= 0.1 else f"{value:.2g}"


def text(results):
    lines = [HEAD, *(cells(result) for result in results)]
    widths = [max(len(line[i]) for line in lines) for i in range(len(HEAD))]
    out = []
    for index, line in enumerate(lines):
        out.append("  ".join(cell.ljust(width) if i in TO_THE_LEFT else cell.rjust(width)
                             for i, (cell, width) in enumerate(zip(line, widths))).rstrip())
        if index == 0:
            out.append("-" * (sum(widths) + 2 * len(widths) - 2))
    return "\n".join(out)


def markdown(results):
    rule = ["---" if i in TO_THE_LEFT else "---:" for i in range(len(HEAD))]
    lines = [HEAD, rule, *(cells(result) for result in results)]
    return "\n".join("| " + " | ".join(line) + " |" for line in lines)


def page(results):
    """Rows of an HTML table; what missed its target carries a class."""
    def line(tag, values, kind=""):
        return f"<tr{kind}>" + "".join(
            f"<{tag}{'' if i in TO_THE_LEFT else ' class=n'}>{html.escape(value)}</{tag}>"
            for i, value in enumerate(values)) + "</tr>"

    body = [line("td", cells(r), " class=miss" if r.ok is False else "") for r in results]
    return "<table>\n" + "\n".join([line("th", HEAD), *body]) + "\n</table>"
