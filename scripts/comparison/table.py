"""Ratios: for each case and kind of precision, our median beside that of the best peer."""
import statistics
from typing import NamedTuple

from .machine import has_tiles
from .peers import KINDS, PEERS, needs_tiles, target

TOLERATED_PCT = 5.0  # of the machine taken by others during a series


class Row(NamedTuple):
    workload: str
    case: str
    kind: str
    quantity: str  # "time" in seconds, or "memory" in MiB
    peer: str
    theirs: float
    ours: float
    torch: float  # the best PyTorch's; None without one
    narrow: float  # the best of those whose tensors hold bfloat16 or integers already, where that is other work; None without one
    disturbed: bool

    @property
    def ratio(self):
        return self.theirs / self.ours

    @property
    def wanted(self):
        """At least this ratio; None where nothing is asked."""
        return target(self.workload, self.case, self.kind, self.quantity)

    def is_eased(self, machine):
        """Whether PyTorch's speed is enough, since there are no tiles to multiply split numbers with."""
        return (self.wanted is not None and self.torch is not None and self.kind == "float32" and needs_tiles(self.workload, self.case)
                and not has_tiles(machine))

    def is_met(self, machine):
        """None where nothing is asked."""
        if self.is_eased(machine):
            return self.torch / self.ours >= 1
        return None if self.wanted is None else self.ratio >= self.wanted

    def wanted_text(self, machine):
        if self.wanted is None:
            return ""
        return f"{self.wanted:g}×" + (" (here PyTorch's speed)" if self.is_eased(machine) else "")


def amounts(line):
    """What a line says of each quantity, less being better."""
    if line.get("median_s") is not None:
        yield "time", line["median_s"]
    if line["workload"] in ("additive", "memory") and line.get("extra_rss_mb") is not None:
        yield "memory", max(line["extra_rss_mb"], 1.0)  # a page or two is noise


def is_disturbed(line):
    return line.get("steal_pct", 0) + line.get("foreign_pct", 0) > TOLERATED_PCT


class Side(NamedTuple):
    """A peer, or ours, and what its tensors hold."""
    name: str
    dtype: str

    @property
    def converts(self):
        """Whether its tensors hold float32."""
        return self.dtype in ("float32", "bf16math", "int8dyn")

    def __str__(self):
        return self.name if self.converts else f"{self.name} ({self.dtype})"


def rows(lines):
    """One row for each thing that both sides measured; medians over rounds, undisturbed ones if there are any."""
    sides = {}
    for line in lines:
        if line["status"] == "ok":
            for quantity, amount in amounts(line):
                key = (line["workload"], line["case"], KINDS[line["dtype"]], quantity)
                sides.setdefault(key, {}).setdefault(Side(line["peer"], line["dtype"]), []).append((is_disturbed(line), amount))
    for key, found in sides.items():
        merged = {side: merge(values) for side, values in found.items()}
        ours = next((merged.pop(side) for side in list(merged) if side.name == "swift-attention"), None)
        if ours is None or not merged:
            continue
        medians = {side: amount for side, (_, amount) in merged.items()}
        narrow = {side: amount for side, amount in medians.items() if key[0] == "gemm" and not side.converts}
        same = {side: amount for side, amount in medians.items() if side not in narrow} or narrow
        best = min(same, key=same.get)
        torch = [amount for side, amount in same.items() if side.name.startswith("torch")]
        yield Row(*key, str(best), same[best], ours[1], min(torch, default=None),
                  min(narrow.values(), default=None) if same is not narrow else None, ours[0] or merged[best][0])


def merge(values):
    calm = [amount for disturbed, amount in values if not disturbed]
    return not calm, statistics.median(calm or [amount for _, amount in values])


def amount_text(row, amount):
    if row.quantity == "memory":
        return f"{amount:.1f} MiB"
    return duration(amount)


def duration(seconds):
    return f"{seconds:.3f} s" if seconds >= 1 else f"{seconds * 1e3:.4g} ms"


def markdown(found, machine):
    """The rows as a table."""
    shows_narrow = any(row.narrow for row in found)
    narrow = " without converting |" if shows_narrow else ""
    yield f"| case | precision | best peer | its median | ours | ratio | of PyTorch |{narrow} at least | |"
    yield "|---|---|---|---:|---:|---:|---:|" + ("---:|" if shows_narrow else "") + "---:|---|"
    for row in found:
        case = row.case + (", memory" if row.quantity == "memory" and row.workload != "memory" else "")
        cells = [
            case, row.kind, row.peer, amount_text(row, row.theirs), amount_text(row, row.ours),
            f"{row.ratio:.2f}×" + (" ~" if row.disturbed else ""),
            f"{row.torch / row.ours:.2f}×" if row.torch else "–",
            *([f"{row.narrow / row.ours:.2f}×" if row.narrow else "–"] if shows_narrow else []),
            row.wanted_text(machine),
            {True: "met", False: "missed", None: ""}[row.is_met(machine)],
        ]
        yield "| " + " | ".join(cells) + " |"


def beside(lines, workload):
    """A workload's cases as a table with a column for each peer: its median, and how many times as long as ours that is."""
    names = [peer.name for peer in PEERS[workload]]
    found = {}
    for line in lines:
        if line["workload"] == workload and line["status"] == "ok":
            found.setdefault(line["case"], {}).setdefault(line["peer"], []).append((is_disturbed(line), line["median_s"]))
    yield "| case | ours |" + "".join(f" {name} | ratio |" for name in names)
    yield "|---|---:|" + "---:|---:|" * len(names)
    for case, sides in found.items():
        merged = {name: merge(values) for name, values in sides.items()}
        if "swift-attention" not in merged:
            continue
        mark, ours = merged.pop("swift-attention")
        cells = [case, duration(ours) + (" ~" if mark else "")]
        for name in names:
            mark, theirs = merged.get(name, (False, None))
            cells += ["–", "–"] if theirs is None else [duration(theirs), f"{theirs / ours:.2f}×" + (" ~" if mark else "")]
        yield "| " + " | ".join(cells) + " |"


def gaps(lines):
    """What of the peers was not measured, and why: a sentence each."""
    measured = {(line["workload"], line["case"], line["peer"], line["dtype"]) for line in lines if line["status"] == "ok"}
    ran = {(line["workload"], line.get("run")) for line in lines}
    reasons = {}
    for line in lines:
        known = (line["workload"], line["case"], line["peer"], line["dtype"]) in measured
        if line["status"] == "absent":  # at first, but perhaps installed since
            known = (line["workload"], line["peer"]) in ran
        if line["status"] != "ok" and not known:
            reasons.setdefault((line["workload"], line["peer"], line["reason"]), set()).add(line["case"])
    for (workload, peer, reason), cases in reasons.items():
        which = "" if "*" in cases else f", {len(cases)} case{'s' if len(cases) > 1 else ''}"
        yield f"{workload}, {peer}{which}: {reason}"


def tables(results):
    """All workloads' tables under headings, with what is missing at the end."""
    found = list(rows(results.lines))
    for workload in PEERS:
        mine = [row for row in found if row.workload == workload]
        if mine:
            shown = beside(results.lines, workload) if workload == "operations" else markdown(mine, results.machine)
            yield from [f"## {workload}", "", *shown, ""]
    missing = list(gaps(results.lines))
    if missing:
        yield from ["Not measured:", "", *(f"- {sentence}" for sentence in missing), ""]
