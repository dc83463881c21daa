#!/usr/bin/env python3
"""Measures the announcer beside a C responder of the same design, the kernel's own answers, and the
peers that are installed: `bench.py run|check|baseline --announcer BINARY`. Needs root."""

import sys

from announcer_bench.cli import main

if __name__ == "__main__":
    sys.exit(main())
