"""A flood for 10,000 addresses while their metrics are scraped each second, and while they are not."""

import json
import subprocess
import sys

from .addresses import MANY, scattered
from .announcer import METRICS, Announcer
from .network import enter
from .system import GaveUp, await_condition, run, say

# A scraper as Prometheus is one: one connection, a scrape each second on the second. It says how
# long each took and how many octets there were. Its own work is kept small: it reads into one buffer.
SCRAPER = """
import http.client, json, sys, time
host, port = sys.argv[1].split(":")
connection = http.client.HTTPConnection(host, int(port))
buffer = memoryview(bytearray(1 << 20))
start = time.monotonic()
while True:
    began = time.monotonic()
    connection.request("GET", "/metrics")
    response = connection.getresponse()
    octets = 0
    while count := response.readinto(buffer):
        octets += count
    print(json.dumps({"status": response.status, "octets": octets,
                      "ms": 1e3 * (time.monotonic() - began)}), flush=True)
    time.sleep(max(0, 1 - (time.monotonic() - start) % 1))
"""


class Scraper:
    """The process that scrapes while it is entered."""

    def __init__(self, lan):
        self.lan, self.scrapes = lan, []

    def __enter__(self):
        self.process = subprocess.Popen(
            enter(self.lan.node) + [sys.executable, "-c", SCRAPER, METRICS],
            stdout=subprocess.PIPE, text=True)
        self.read()
        return self

    def read(self):
        """The first scrape, which begins with the process, is not what is measured."""
        line = self.process.stdout.readline()
        if not line or json.loads(line)["status"] != 200:
            raise GaveUp(f"{METRICS} cannot be scraped: {line}")

    def __exit__(self, *_):
        self.process.terminate()
        rest, _ = self.process.communicate()
        self.scrapes = [json.loads(line) for line in rest.splitlines() if line.endswith("}")]


def start(lan, work, load):
    """An announcer with 10,000 addresses and metrics, once all of them are announced."""
    announcer = Announcer(lan, work, scattered(MANY, 4), metrics=True).start()
    announcer.await_answers(load)

    def announced():
        text = run(*enter(lan.node), "curl", "--silent", "--fail", f"http://{METRICS}/metrics")
        return f'announcer_addresses{{state="announcing"}} {MANY}' in text

    await_condition("10,000 addresses announced, as the metrics say", announced, interval=1)
    return announcer


def measure(samples, load, announcer, number, pairs, seconds=2):
    """Floods in pairs, one of them scraped: which one goes first changes from pair to pair."""
    for pair in range(pairs):
        say(f"scraped flood: pair {pair + 1} of {pairs}")
        for scraped in (True, False) if (number + pair) % 2 else (False, True):
            if not scraped:
                keep(samples, "unscraped", load, announcer, seconds, (number, pair))
                continue
            with Scraper(announcer.lan) as scraper:
                keep(samples, "scraped", load, announcer, seconds, (number, pair))
            for scrape in scraper.scrapes:
                turn = (number, f"{pair} {len(samples.all('scrape', 'announcer'))}")
                samples.add("scrape", "announcer", scrape["ms"], turn)
                samples.add("scrape octets", "announcer", scrape["octets"], turn)


def keep(samples, name, load, announcer, seconds, turn):
    result = load.measure(announcer.lan, "flood", "arp", announcer.list_for("arp"), seconds=seconds)
    samples.add(f"flood {name}", "announcer", result["per_second"], turn)
