"""What the figures were taken on, and how busy it was with other things."""

import os
import platform
import time

from .system import CLOSERS, say

AUTOGROUP = "/proc/self/autogroup"


def describe():
    """The machine in the words of a report; `busy` is the share of its cores that others use."""
    model = "unknown"
    with open("/proc/cpuinfo") as file:
        for line in file:
            if line.startswith("model name"):
                model = line.split(":", 1)[1].strip()
                break
    with open("/proc/meminfo") as file:
        memory = int(file.readline().split()[1]) // 1024
    return {"cpu": model, "cores": os.cpu_count(), "memoryMiB": memory,
            "kernel": platform.release(), "loadBefore": list(os.getloadavg()),
            "busyBeforePercent": round(busy(), 1),
            "takenAt": time.strftime("%Y-%m-%dT%H:%M:%SZ", time.gmtime())}


def busy(seconds=1):
    """How busy the cores are, in percent, over a second in which this program does nothing."""
    def times():
        with open("/proc/stat") as file:
            fields = [int(field) for field in file.readline().split()[1:9]]
        return sum(fields), fields[3] + fields[4]

    total, idle = times()
    time.sleep(seconds)
    total, idle = times()[0] - total, times()[1] - idle
    return 100 * (1 - idle / total) if total else 0.0


def warn_if_busy(machine):
    """Other work on the machine makes every ratio a matter of luck: better said than guessed."""
    if machine["busyBeforePercent"] > 5:
        say(f"warning: the machine is {machine['busyBeforePercent']:.0f} % busy with other work; "
            "expect misses that a quiet machine does not show")


def take_precedence(path=AUTOGROUP):
    """Puts this session before other work on the machine, by the scheduler's groups of sessions
    (sched(7), autogroup): among the processes of the benchmark nothing changes. Where sessions are
    not grouped this does nothing."""
    def write(nice):
        with open(path, "w") as file:
            file.write(str(nice))

    try:
        with open(path) as file:
            before = int(file.read().split()[-1])
        write(-20)
    except (OSError, ValueError, IndexError):
        return
    CLOSERS.callback(write, before)
