"""What every part of the benchmark asks of the system: commands, clocks, words for people."""

import contextlib
import subprocess
import sys
import threading
import time

# What was made is unmade when this closes, in the opposite order, however the benchmark ends.
CLOSERS = contextlib.ExitStack()


def run(*command, **options):
    """The standard output of a command that has to succeed."""
    return subprocess.run(command, check=True, capture_output=True, text=True, **options).stdout


def boot_clock():
    """Seconds since boot: the clock of the load generator's events."""
    return time.clock_gettime(time.CLOCK_BOOTTIME)


BEGAN = time.monotonic()


def say(text):
    """What is going on, and since how many seconds, for who waits."""
    print(f"[{time.monotonic() - BEGAN:4.0f} s] {text}", file=sys.stderr, flush=True)


def await_condition(what, condition, limit=60, interval=0.02):
    """Until `condition()` is true; its value. Ends the benchmark in words where it never is."""
    end = time.monotonic() + limit
    while True:
        if value := condition():
            return value
        if time.monotonic() > end:
            raise GaveUp(f"gave up after {limit} s: {what}")
        time.sleep(interval)


class GaveUp(Exception):
    """A subject that does not do what it is measured for; the message says which and what."""


def in_parallel(jobs):
    """Runs functions side by side, for what waits far more than it works; raises what one raised."""
    failures = []

    def guarded(job):
        try:
            job()
        except BaseException as error:  # noqa: BLE001 - told below, in the main thread
            failures.append(error)

    threads = [threading.Thread(target=guarded, args=(job,), daemon=True) for job in jobs]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    if failures:
        raise failures[0]
