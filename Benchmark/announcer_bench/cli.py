"""The command line: what `make bench`, `make bench-check` and `make bench-baseline` call."""

import argparse
import contextlib
import os
import subprocess
import sys

from . import bench, check
from .session import SOURCES, pinned
from .system import GaveUp


def parse(arguments):
    parser = argparse.ArgumentParser(description="Measures the announcer beside a C responder of "
                                     "the same design, the kernel's own answers, and its peers.")
    parser.add_argument("verb", nargs="?", default="run", choices=("run", "check", "baseline"),
                        help="measure everything; compare with the committed ratios; write these")
    parser.add_argument("--announcer", required=True, help="the release binary")
    parser.add_argument("--rounds", type=int, help="3; for the baseline 9")
    parser.add_argument("--seconds", type=float, default=0.2, help="length of one measurement")
    parser.add_argument("--json", help="write the figures and every sample here, too")
    parser.add_argument("--output", default="build/bench", help="where report and picture go")
    parser.add_argument("--only", help=f"comma-separated: {','.join(bench.PARTS)}")
    parser.add_argument("--baseline", default=os.path.join(SOURCES, "baseline.json"))
    parser.add_argument("--pin", action="store_true",
                        help="client on core 0, responders on core 1, as check and baseline have them")
    parser.add_argument("--strict", action="store_true", help="exit 1 when a target is missed")
    options = parser.parse_args(arguments)
    unknown = set((options.only or bench.PARTS[0]).split(",")) - set(bench.PARTS)
    if unknown:
        parser.error(f"--only: no part is called {', '.join(sorted(unknown))}; "
                     f"there are {', '.join(bench.PARTS)}")
    if not os.access(options.announcer, os.X_OK):
        parser.error(f"--announcer: {options.announcer} is no program: make release")
    return options


def main(arguments=None):
    options = parse(arguments)
    if os.geteuid() != 0:
        sys.exit("the benchmark makes network namespaces: run it as root")
    try:
        if options.verb == "check":
            return check.main(options)
        if options.verb == "baseline":
            return check.write_baseline(options)
        options.rounds = options.rounds or 3
        with pinned() if options.pin else contextlib.nullcontext():
            return bench.main(options)
    except KeyboardInterrupt:
        return 130
    except GaveUp as error:
        sys.exit(str(error))
    except subprocess.CalledProcessError as error:
        sys.exit(f"{' '.join(error.cmd)}: {error.stderr or error}")
