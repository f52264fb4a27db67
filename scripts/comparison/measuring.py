"""Times of repeated calls, taken as `AttentionBenchmarks` takes its own (Measurement.swift, Disturbance.swift)."""
import os
import statistics
import time

TOLERATED = 0.05  # of the machine, taken by others


def machine_time():
    """Seconds over all cores since the machine began: at work, stolen by the host, in all; and this process's own."""
    with open("/proc/stat", encoding="ascii") as f:
        fields = [int(field) for field in f.readline().split()[1:9]]
    total, ticks = sum(fields), os.sysconf("SC_CLK_TCK")
    return (total - fields[3] - fields[4] - fields[7]) / ticks, fields[7] / ticks, total / ticks, time.process_time()


def disturbance(before, after):
    """The shares of the machine that other processes, and the host, took meanwhile."""
    busy, stolen, total, own = (b - a for a, b in zip(before, after))
    total = max(total, 0.01)
    return max(0.0, busy - own) / total, stolen / total


def wait_for_quiet(seconds):
    """Returns when others have left the machine alone for two fifths of a second, or after this many seconds."""
    start, quiet = time.monotonic(), 0
    while quiet < 2 and time.monotonic() - start < seconds:
        before = machine_time()
        time.sleep(0.2)
        quiet = quiet + 1 if sum(disturbance(before, machine_time())) <= TOLERATED else 0


def timed(work, count):
    start = time.perf_counter()
    for _ in range(count):
        work()
    return (time.perf_counter() - start) / count


def measure(work, seconds, series):
    """Fields of a line: a few calls to warm up, then samples for so many seconds, at least five; what takes less than a millisecond is called
    several times a sample. A disturbed series is repeated, up to `series` in all; the least disturbed counts."""
    timed(work, 3)
    inner = max(1, int(1e-3 / max(timed(work, 1), 1e-7)))
    best = None
    for tries in range(1, series + 1):
        if series > 1:
            wait_for_quiet(90)
        before, start, samples = machine_time(), time.perf_counter(), []
        while len(samples) < 5 or time.perf_counter() - start < seconds:
            samples.append(timed(work, inner))
        foreign, stolen = disturbance(before, machine_time())
        if best is None or foreign + stolen < best[0] + best[1]:
            best = foreign, stolen, sorted(samples)
        if best[0] + best[1] <= TOLERATED:
            break
    foreign, stolen, samples = best
    return {
        "median_s": statistics.median(samples), "min_s": samples[0], "p90_s": samples[int(0.9 * len(samples))], "reps": len(samples),
        "inner": inner, "tries": tries, "foreign_pct": 100 * foreign, "steal_pct": 100 * stolen,
    }
