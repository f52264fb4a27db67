#!/usr/bin/env python3
"""Loads a running attend-server with requests that come when they come, whether it keeps up or not, and says how it bore them.

    attend-server --model minilm=all-MiniLM-L6-v2 --port 8080 &
    scripts/load-server.py http://127.0.0.1:8080 embed --rate 50,100,200 --seconds 20 [--texts FILE] [--pid PID]

Arrivals are random with the given mean rate (open loop): a slow server does not slow the load down. Each request has a text of its own, taken in turn from
FILE (one a line) or made up, on a connection that is kept. For each rate: how many were sent and answered by status, answers a second, milliseconds to
the answer (median, 99 of 100, slowest; of 200 and of 429 apart), and with --pid the server's memory before and after. Measure on a machine
that does nothing else, with the load on other cores than the server where there are enough.
"""
import argparse
import asyncio
import collections
import itertools
import json
import random
import time
import urllib.parse

parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
parser.add_argument("url")
parser.add_argument("route", choices=["embed", "translate"])
parser.add_argument("--rate", default="10", help="requests a second, several with commas between")
parser.add_argument("--seconds", type=float, default=10)
parser.add_argument("--connections", type=int, default=256)
parser.add_argument("--texts", help="a file with a text a line")
parser.add_argument("--pid", type=int, help="the server's process, to see its memory")
parser.add_argument("--key", default="none")
arguments = parser.parse_args()
place = urllib.parse.urlsplit(arguments.url)

if arguments.texts:
    with open(arguments.texts, encoding="utf-8") as file:
        texts = [line.strip() for line in file if line.strip()]
else:
    words = "where is the nearest station and when does a train leave for the old town by the river today".split()
    texts = [" ".join(random.Random(seed).choices(words, k=12)).capitalize() + "?" for seed in range(1000)]


def request(text):
    body = {"inputs": text} if arguments.route == "embed" else {"q": text, "source": "en", "target": "fr", "api_key": arguments.key}
    data = json.dumps(body).encode()
    head = (f"POST /{arguments.route} HTTP/1.1\r\nHost: {place.netloc}\r\nContent-Type: application/json\r\n"
            f"Authorization: Bearer {arguments.key}\r\nContent-Length: {len(data)}\r\n\r\n")
    return head.encode() + data


async def exchange(connection, data):
    """The status of one answer."""
    reader, writer = connection
    writer.write(data)
    head = await reader.readuntil(b"\r\n\r\n")
    length = next(int(line.split(b":")[1]) for line in head.lower().split(b"\r\n") if line.startswith(b"content-length"))
    await reader.readexactly(length)
    return int(head.split(b" ", 2)[1])


def memory():
    with open(f"/proc/{arguments.pid}/status") as file:
        return next(int(line.split()[1]) // 1024 for line in file if line.startswith("VmRSS"))


def milliseconds(times):
    if not times:
        return "-"
    times = sorted(times)
    return " / ".join(f"{1000 * times[min(len(times) - 1, int(share * len(times)))]:.0f}" for share in (0.5, 0.99, 1))


async def load(rate):
    idle, answers, source = [], [], itertools.cycle(texts)
    room = asyncio.Semaphore(arguments.connections)

    async def one(text, due):
        async with room:
            try:
                connection = idle.pop() if idle else await asyncio.open_connection(place.hostname, place.port)
                status = await exchange(connection, request(text))
                idle.append(connection)
            except (OSError, asyncio.IncompleteReadError):
                status = "lost"
        answers.append((status, time.monotonic() - due))

    start = due = time.monotonic()
    running = []
    while due - start < arguments.seconds:
        await asyncio.sleep(max(0, due - time.monotonic()))
        running.append(asyncio.create_task(one(next(source), due)))
        due += random.expovariate(rate)
    await asyncio.gather(*running)
    took = time.monotonic() - start
    for _, writer in idle:
        writer.close()
    counts = collections.Counter(status for status, _ in answers)
    good, full = ([t for s, t in answers if s == status] for status in (200, 429))
    print(f"{rate:>8g} {len(answers):>8} {dict(counts)!s:<28} {len(good) / took:>8.1f} {milliseconds(good):>18} {milliseconds(full):>18}"
          + (f" {memory():>6} MB" if arguments.pid else ""), flush=True)


async def main():
    if arguments.pid:
        print(f"memory before: {memory()} MB")
    print(f"{'rate':>8} {'sent':>8} {'answers':<28} {'200/s':>8} {'ms 50/99/100':>18} {'429: ms':>18}")
    for rate in arguments.rate.split(","):
        await load(float(rate))


asyncio.run(main())
