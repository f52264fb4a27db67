"""The results as a page: machine, method, ceilings, ratios."""
from .machine import has_tiles
from .table import rows, tables


def versions(lines):
    found = {}
    for line in lines:
        found.update(line.get("versions", {}))
    return ", ".join(f"{name} {version}" for name, version in sorted(found.items()))


def summary(results):
    """How many of the rows with a target met it."""
    asked = [row for row in rows(results.lines) if row.is_met(results.machine) is not None]
    if not asked:
        return "No row with a target was measured."
    met = sum(row.is_met(results.machine) for row in asked)
    disturbed = sum(row.disturbed for row in asked)
    warning = f" {disturbed} of these rows were disturbed by other processes and prove nothing." if disturbed else ""
    return f"{met} of {len(asked)} targets met.{warning}"


def kernels(text):
    return ["## Kernels", "", "`attend bench`, on the same machine:", "", "```text", text.rstrip("\n"), "```", ""] if text else []


def page(results, kernels_text="", notes=""):
    machine = results.machine
    workloads = list(dict.fromkeys(line["workload"] for line in results.lines))
    rounds = 1 + max((line.get("round", 0) for line in results.lines), default=0)
    dates = sorted({line["when"][:10] for line in results.lines if "when" in line})
    tiles = "with AMX tiles" if has_tiles(machine) else \
        "without AMX tiles, where float32 need only reach PyTorch's speed in the rows that say so"
    return "\n".join([
        "# Speed beside other libraries", "",
        "The same work on the same machine and threads, in turn: each round runs every peer and then ours. Medians; the best peer stands in the "
        "table. What is inside the timing is written in `Benchmarks/Sources/AttentionBenchmarks`, a file for each workload.", "",
        "```sh", f"scripts/compare-peers {' '.join(workloads)} --rounds {rounds}", "```", "",
        f"- Processor: {machine['cpu']} ({machine['family']}), {machine['cores']} cores, {tiles}",
        f"- Instruction sets: {', '.join(machine['flags'])}",
        f"- Memory: {machine['memory_gib']} GiB; Linux {machine['kernel']}; {machine['threads']} threads on both sides",
        f"- Sources: {machine['commit']}, {' '.join(machine['swift'])}",
        f"- Versions: {versions(results.lines)}",
        f"- {'–'.join(dict.fromkeys(dates[:1] + dates[-1:]))}, {rounds} round{'s' if rounds > 1 else ''}", "",
        "float32: results within 1e-5 of the true product. bfloat16 and int8 of products: float32 tensors in and out, rounded in the call, on "
        "both sides, as the peers' benchmarks define `bf16math` and `int8dyn`; the column `without converting` has the best peer whose tensors "
        "hold bfloat16 or integers before and after. bfloat16 elsewhere: ours on float32 tensors, the peers' on these or on bfloat16 tensors, "
        "whichever is faster. `+malloc`: glibc's allocator told to keep large blocks. `~`: others took more than a twentieth of the machine "
        "meanwhile.", "",
        summary(results), "",
        *([notes.rstrip("\n"), ""] if notes else []),
        *tables(results), *kernels(kernels_text),
    ]).rstrip("\n") + "\n"
