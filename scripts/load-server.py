#!/usr/bin/env python3
"""Measures how attend-server bears load, beside the same work offline and beside a peer: all numbers of docs/results/serving.md.

    zcat banking77/test.tsv.gz | cut -f2 > questions.txt
    scripts/load-server.py --server attend-server --attend attend --model all-MiniLM-L6-v2 --texts questions.txt \\
        [--parts start,embed,translate,peer,mixed] [--seconds 20] [--mixed 1800] [--peer python3] [--json FILE] [-- SERVER OPTIONS]

    scripts/load-server.py --report FILE        # the tables of what was kept in FILE

The server is started with the model as minilm and with the translator inside the program. Parts:

- start: from the beginning of the process to the first /health that is 200, and to the first vector; the median of five.
- embed, translate: texts a second of `attend embed` and of `attend translate --file` (the start of the process taken off); what 64 clients get that
  always have a request running (the peak); then arrivals at random (Poisson; a slow server does not slow the load down) at 0.9 of the
  offline rate, and at three times that.
- peer: scripts/serve-peer.py under the Python of --peer (which needs fastapi, uvicorn and sentence-transformers): the same 64 clients and arrivals at 0.9 of its own peak.
- mixed: vectors and translations for so many seconds at half of what the machine can do; every answer has an id, which is counted here and in the log of the
  server, and is held against the first answer to the same question; then SIGTERM while requests go on.

Times run from when a request was due to its whole answer. The load runs on the machine that it measures: load_processor is the share of a core it took.
Nothing else should run.
"""
import argparse
import asyncio
import itertools
import json
import os
import random
import statistics
import subprocess
import sys
import tempfile
import time

from serving.load import closed_loop, open_loop
from serving.mixed import mixed
from serving.processes import Server, free_port, request
from serving.report import report

PARTS = ["start", "embed", "translate", "peer", "mixed"]
CLIENTS = 64


def arguments():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--server", help="attend-server, built for release")
    parser.add_argument("--attend", help="attend, built for release")
    parser.add_argument("--model", help="a folder of a model that makes vectors")
    parser.add_argument("--texts", help="a file with a text a line")
    parser.add_argument("--parts", default=",".join(PARTS), help="some of them, with commas between")
    parser.add_argument("--seconds", type=float, default=20, help="of each phase")
    parser.add_argument("--mixed", type=float, default=1800, help="seconds of mixed load")
    parser.add_argument("--peer", metavar="PYTHON", default=sys.executable)
    parser.add_argument("--json", metavar="FILE", help="where the numbers are kept, a line for each phase")
    parser.add_argument("options", nargs="*", metavar="SERVER OPTIONS", help="behind --")
    parser.add_argument("--report", metavar="FILE", help="write tables of this file, and measure nothing")
    options = parser.parse_args()
    if options.report:
        sys.exit(print(report(options.report)))
    for name in ("server", "attend", "model", "texts"):
        if not getattr(options, name):
            parser.error(f"expected --{name}")
    options.parts = options.parts.split(",")
    if unknown := set(options.parts) - set(PARTS):
        parser.error(f"--parts: expected some of {', '.join(PARTS)}, found {', '.join(unknown)}")
    with open(options.texts, encoding="utf-8") as file:
        options.texts = [line.strip() for line in file if line.strip()]
    return options


def embedding(text):
    return request("/embed", {"inputs": text})


def translation(text):
    return request("/translate", {"q": text, "source": "en", "target": "fr"})


class Measurement:
    def __init__(self, options):
        self.options, self.offline_rates = options, {}

    def keep(self, numbers):
        print(json.dumps(numbers, default=lambda value: round(value, 4)), flush=True)
        if self.options.json:
            with open(self.options.json, "a", encoding="utf-8") as file:
                file.write(json.dumps(numbers) + "\n")

    def serve(self):
        command = [self.options.server, "--port", "0", "--model", "minilm=" + self.options.model, "--model", "en-fr=default"]
        return Server(command + self.options.options)

    # Parts

    def start(self):
        ready, answered = [], []
        for _ in range(5):
            start = time.monotonic()
            server = self.serve()
            ready.append(server.ready_seconds)
            asyncio.run(closed_loop("first", server.port, iter([embedding("How do I locate my card?")] * 2), 1, 0.001))
            answered.append(time.monotonic() - start)
            server.stop()
        self.keep({"phase": "start", "ready_seconds": statistics.median(ready), "first_vector_seconds": statistics.median(answered)})

    def embed(self):
        self.arrivals("embed", embedding)

    def translate(self):
        self.arrivals("translate", translation)

    def arrivals(self, name, body):
        rate = 0.9 * self.offline(name)
        server = self.serve()
        self.phases(name, server, body, {"at 0.9 of offline": lambda peak: rate, "at three times that": lambda peak: 3 * rate})
        self.keep({"phase": name + " stopped", "exit": server.stop()})

    def phases(self, name, server, body, rates):
        """The peak, and arrivals at rates that may depend on it."""
        requests = itertools.cycle([body(text) for text in self.options.texts])
        seconds, generator = self.options.seconds, random.Random(5)
        asyncio.run(closed_loop("warm", server.port, requests, CLIENTS, min(5, seconds)))
        peak = self.observed(server, closed_loop(name + " peak", server.port, requests, CLIENTS, seconds)).goodput
        for title, rate in rates.items():
            self.observed(server, open_loop(f"{name} {title}", server.port, requests, rate(peak), seconds, generator))

    def observed(self, server, load):
        before = server.memory()
        phase = asyncio.run(load)
        self.keep({**phase.numbers(), "memory": {"before": before, "after": server.memory()}})
        return phase

    def offline(self, name):
        """Texts a second of the command on the same texts, repeated until they are enough to be measured."""
        if name not in self.offline_rates:
            texts = self.options.texts * max(1, round(2000 / len(self.options.texts)))
            seconds = self.command(name, texts) - self.command(name, texts[:1])
            self.offline_rates[name] = (len(texts) - 1) / seconds
            self.keep({"phase": name + " offline", "texts": len(texts), "seconds": seconds, "rate": self.offline_rates[name]})
        return self.offline_rates[name]

    def command(self, name, texts):
        with tempfile.TemporaryDirectory() as folder:
            path = os.path.join(folder, "texts.txt")
            with open(path, "w", encoding="utf-8") as file:
                file.write("".join(text + "\n" for text in texts))
            words = {"embed": ["embed", "--model", self.options.model], "translate": ["translate", "--no-picture", "--file", path, "--output", os.path.join(folder, "out.txt")]}[name]
            start = time.monotonic()
            with open(path, encoding="utf-8") as file:
                subprocess.run([self.options.attend, *words], stdin=file, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL, check=True)
            return time.monotonic() - start

    def peer(self):
        port = free_port()
        script = os.path.join(os.path.dirname(os.path.abspath(__file__)), "serve-peer.py")
        server = Server([self.options.peer, script, self.options.model, "--port", str(port)], port)
        self.phases("peer", server, embedding, {"at 0.9 of its peak": lambda peak: 0.9 * peak})
        server.stop()

    def mixed(self):
        cost = 0.6 / self.offline("embed") + 0.2 * 4.5 / self.offline("embed") + 0.2 / self.offline("translate")
        asyncio.run(mixed(self.serve(), self.options.texts, 0.5 / cost, self.options.mixed, self.keep))


if __name__ == "__main__":
    measurement = Measurement(arguments())
    for part in measurement.options.parts:
        getattr(measurement, part)()
