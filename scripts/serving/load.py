"""Requests that come when they come, or as fast as they are answered, and what became of them."""
import asyncio
import collections
import random
import time

from .connections import Pool


class Phase:
    """What became of the requests of a phase."""

    def __init__(self, name):
        self.name, self.answers, self.ids = name, collections.defaultdict(list), []
        self.start, self.seconds, self.processor = time.monotonic(), 0, time.process_time()

    def note(self, status, due, id=""):
        self.answers[status].append(time.monotonic() - due)
        if id:
            self.ids.append(id)

    def end(self):
        self.seconds = time.monotonic() - self.start
        # How much of one core the load itself took.
        self.processor = (time.process_time() - self.processor) / self.seconds
        return self

    @property
    def goodput(self):
        return len(self.answers[200]) / self.seconds

    def milliseconds(self, status, share):
        """The time that this share of the answers with this status took at most; nothing without such answers."""
        times = sorted(self.answers[status])
        return 1000 * times[min(len(times) - 1, int(share * len(times)))] if times else None

    def numbers(self):
        return {
            "phase": self.name, "sent": sum(map(len, self.answers.values())), "seconds": self.seconds, "goodput": self.goodput,
            "answers": {str(status): len(times) for status, times in self.answers.items()},
            "milliseconds": [self.milliseconds(200, share) for share in (0.5, 0.99, 1)],
            "refused_milliseconds": [self.milliseconds(429, share) for share in (0.5, 0.99, 1)], "load_processor": self.processor,
        }


async def one(pool, request, due, phase, check=None):
    """Sends a request and notes what became of it. Times run from when it was due, so that no wait is left out."""
    try:
        answer = await pool.ask(request)
        phase.note(answer.status, due, answer.id)
        if check and answer.status == 200:
            check(answer.body)
        return answer.status
    except OSError:
        phase.note("lost", due)
        return None


async def open_loop(name, port, requests, rate, seconds, random=random):
    """Arrivals at random with a mean rate (Poisson), whether the server keeps up or not."""
    pool, phase, running = Pool(port), Phase(name), []
    due = phase.start
    while due - phase.start < seconds:
        await asyncio.sleep(max(0, due - time.monotonic()))
        running.append(asyncio.create_task(one(pool, next(requests), due, phase)))
        due += random.expovariate(rate)
    await asyncio.gather(*running)
    pool.close()
    return phase.end()


async def closed_loop(name, port, requests, clients, seconds):
    """So many clients, each with its next request as soon as the last is answered, and a little later if it is refused."""
    pool, phase = Pool(port), Phase(name)

    async def client():
        while time.monotonic() - phase.start < seconds:
            if await one(pool, next(requests), time.monotonic(), phase) != 200:
                await asyncio.sleep(0.05)

    await asyncio.gather(*(client() for _ in range(clients)))
    pool.close()
    return phase.end()
