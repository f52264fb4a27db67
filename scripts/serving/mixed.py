"""Different requests for a long time, whose answers are held against the first to the same question, and a signal to stop in the middle."""
import asyncio
import itertools
import json
import random
import statistics
import time

from .connections import Pool
from .load import Phase, one
from .processes import request


class Kinds:
    """What is asked, and whether an answer belongs to its question."""

    def __init__(self, texts, seed=11):
        self.texts, self.random, self.first, self.wrong = itertools.cycle(texts), random.Random(seed), {}, 0

    def next(self, weights):
        kind = self.random.choices([self.embed, self.vectors, self.translate], weights)[0]
        return kind()

    def embed(self):
        text = next(self.texts)
        return request("/embed", {"inputs": text}), lambda body: self.check(text, json.loads(body)[0])

    def vectors(self):
        texts = [next(self.texts) for _ in range(self.random.randint(1, 8))]

        def check(body):
            data = json.loads(body)["data"]
            for text, item in zip(texts, data, strict=True):
                self.check(text, item["embedding"])

        return request("/v1/embeddings", {"model": "minilm", "input": texts}), check

    def translate(self):
        text = next(self.texts)
        body = {"q": text, "source": "en", "target": "fr"}
        return request("/translate", body), lambda body: self.check(("fr", text), json.loads(body)["translatedText"])

    def check(self, question, answer):
        known = self.first.setdefault(question, answer)
        same = known == answer if isinstance(answer, str) else max(abs(x - y) for x, y in zip(known, answer, strict=True)) < 1e-4
        self.wrong += not same


async def mixed(server, texts, rate, seconds, report):
    """Sends a mixture at a rate for so long, then tells the server to stop and goes on for three seconds more."""
    pool, phase, kinds, running, memory, own = Pool(server.port), Phase("mixed"), Kinds(texts), set(), [], []
    due, stopped, next_look = phase.start, None, phase.start
    before, after = Phase("before"), Phase("after")
    while stopped is None or due - stopped < 3:
        await asyncio.sleep(max(0, due - time.monotonic()))
        now = time.monotonic()
        if stopped is None and now >= next_look:
            next_look += max(1, seconds / 180)
            memory.append(server.memory())
            own.append(server.memory("RssAnon"))
        if stopped is None and now - phase.start >= seconds:
            stopped = now
            server.terminate()
        data, check = kinds.next([0.6, 0.2, 0.2])
        task = asyncio.create_task(one(pool, data, due, before if stopped is None else after, check))
        running.add(task)
        task.add_done_callback(running.discard)
        due += random.expovariate(rate)
    await asyncio.gather(*running)
    code = await asyncio.to_thread(server.process.wait, 60)
    stop_seconds = time.monotonic() - stopped
    for part in (before, after):
        part.end()
    logged, received = server.answered(), before.ids + after.ids
    report({
        **before.numbers(), "phase": "mixed", "seconds": stopped - phase.start, "exit": code, "stop_seconds": stop_seconds,
        "after_signal": {str(status): len(times) for status, times in after.answers.items()},
        "ids": {
            "received": len(received), "received_twice": len(received) - len(set(received)), "logged": len(logged),
            "logged_not_received": len(logged.keys() - set(received)), "received_not_logged": len(set(received) - logged.keys()),
        },
        "questions": len(kinds.first), "other_answers": kinds.wrong, "memory": course(memory), "memory_without_files": course(own),
    })


def course(megabytes):
    """How much was held in the course of time, and how much more in the end. What a moment holds goes up and down with what runs in it: thirds are compared."""
    warm = megabytes[len(megabytes) // 10 :]
    begin, end = (statistics.median(part) for part in (warm[: len(warm) // 3], warm[-(len(warm) // 3) :]))
    return {"warm": begin, "end": end, "most": max(megabytes), "growth": end / begin - 1, "all": megabytes}
