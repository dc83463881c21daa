"""The report that a run leaves: report.md and report.html with the table, bench.svg, bench.json."""

import html
import json
import os

from . import svg, table

TITLE = "Announcer beside others that answer for addresses"
NOTES = [
    "Subjects take turns within a round. A ratio is the median over the rounds of the median over "
    "what was measured side by side; `rounds` has the least and the greatest round.",
    "keepalived and ucarp put the address on an interface: what they answer is the kernel's answer.",
    "A takeover is the time from the last answer of the one node to the first of the other, at a "
    "client that asks every half millisecond. Planned: SIGTERM. Unplanned: the node's cable is pulled "
    "and all of its processes are killed, at a random moment between two of its signs of life.",
    "The embedded lease serves one machine: the kernel releases the lock of a process that died. "
    "Across machines, compare the lease on etcd.",
    "As delivered: keepalived with advert_int 1, ucarp with advbase 1 and three beats until a node "
    "counts as dead. Fastest: advert_int 0.1; two beats.",
    "A run takes precedence over other work on the machine, where sessions are scheduled as groups.",
    "Memory is resident memory (RSS), of all processes of a subject.",
]


def summary(machine, options, missing):
    lines = [f"{machine['cpu']}, {machine['cores']} cores, {machine['memoryMiB']:,} MiB, "
             f"Linux {machine['kernel']}, {machine['takenAt']}; {options.rounds} rounds",
             f"Load before: {machine['loadBefore'][0]:.1f}; busy with other work: "
             f"{machine['busyBeforePercent']:.0f} %"]
    if missing:
        lines.append(f"Not installed: {', '.join(missing)}")
    return lines


def write(directory, results, samples, machine, options, missing):
    """Writes all of it; where the report is."""
    os.makedirs(directory, exist_ok=True)
    about = summary(machine, options, missing)
    picture = svg.draw(svg.panels(results), TITLE,
                       "The announcer's time, divided by that of another: bar the median, whisker the "
                       "range of the rounds. Left of 1 it is faster.")
    files = {"bench.svg": picture, "report.md": as_markdown(results, about),
             "report.html": as_page(results, about, picture),
             "bench.json": as_json(results, samples, machine, options, missing)}
    for name, text in files.items():
        with open(os.path.join(directory, name), "w") as file:
            file.write(text)
    if options.json:
        with open(options.json, "w") as file:
            file.write(files["bench.json"])
    return os.path.join(directory, "report.html")


def as_markdown(results, about):
    paragraphs = [f"# {TITLE}", *about, f"![{TITLE}](bench.svg)", table.markdown(results),
                  "\n".join(f"- {note}" for note in NOTES)]
    return "\n\n".join(paragraphs) + "\n"


PAGE = """<!DOCTYPE html>
<html lang="en"><head><meta charset="utf-8"><title>{title}</title>
<meta name="color-scheme" content="light dark">
<style>
  body {{ font: 15px/1.5 system-ui, sans-serif; margin: 2rem; }}
  table {{ border-collapse: collapse; font-size: 13px; margin: 1.5rem 0; }}
  th, td {{ padding: .2rem .7rem; text-align: left; border-bottom: 1px solid #8884; }}
  .n {{ text-align: right; font-variant-numeric: tabular-nums; }}
  .miss td:last-child {{ color: #d1453b; font-weight: 600; }}
  svg {{ max-width: 100%; height: auto; }}
</style></head><body>
<h1>{title}</h1>
{about}
{picture}
{table}
<ul>
{notes}
</ul>
</body></html>
"""


def as_page(results, about, picture):
    return PAGE.format(
        title=html.escape(TITLE), picture=picture, table=table.page(results),
        about="\n".join(f"<p>{html.escape(line)}</p>" for line in about),
        notes="\n".join(f"<li>{html.escape(note)}</li>" for note in NOTES))


def as_json(results, samples, machine, options, missing):
    return json.dumps({"machine": machine, "rounds": options.rounds, "missing": missing,
                       "figures": [result.document() for result in results],
                       "samples": samples.document()}, indent=2) + "\n"
