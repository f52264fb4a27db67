"""The tables of docs/results/serving.md, of the numbers that a measurement kept."""
import json


def times(values):
    return "–" if values[0] is None else " / ".join(f"{value:.0f}" for value in values)


def table(head, rows):
    return "\n".join("| " + " | ".join(map(str, row)) + " |" for row in [head, ["---"] * len(head), *rows]) + "\n"


def load(lines):
    """Phases with arrivals or clients."""
    rows = []
    for line in lines:
        if "goodput" not in line or line["phase"] == "mixed":
            continue
        refused, memory = line["answers"].get("429", 0), line["memory"]
        others = {status: count for status, count in line["answers"].items() if status not in ("200", "429")}
        rows.append([
            line["phase"], f"{line['sent'] / line['seconds']:.0f}", f"{line['goodput']:.0f}", times(line["milliseconds"]), refused,
            times(line["refused_milliseconds"]), ", ".join(f"{count} × {status}" for status, count in others.items()) or "none",
            f"{memory['before']:.0f} → {memory['after']:.0f}", f"{line['load_processor']:.2f}",
        ])
    return table(["phase", "requests/s", "answers/s", "ms: 50, 99, 100 %", "429", "ms of these", "other", "MB", "load, cores"], rows)


def offline(lines):
    return table(["offline", "texts", "s", "texts/s"], [
        [line["phase"], line["texts"], f"{line['seconds']:.1f}", f"{line['rate']:.0f}"] for line in lines if "rate" in line])


def course(memory):
    return f"{memory['warm']:.0f} MB when warm, {memory['end']:.0f} MB at the end ({100 * memory['growth']:+.1f} %), {memory['most']:.0f} MB at most"


def mixed(line):
    ids = line["ids"]
    return "\n".join([
        f"- {line['seconds'] / 60:.0f} minutes, {line['goodput']:.0f} answers a second, {line['questions']} questions, "
        f"{line['other_answers']} answers that differ from the first to the same question; ms {times(line['milliseconds'])};",
        f"- before the signal {line['answers']}, behind it {line['after_signal']}; ended with {line['exit']} after {line['stop_seconds']:.1f} s;",
        f"- {ids['received']} ids received, {ids['received_twice']} of them twice; {ids['logged']} in the log, {ids['logged_not_received']} of them not received, "
        f"{ids['received_not_logged']} received that are not there;",
        f"- memory {course(line['memory'])};",
        f"- without pages of files that are mapped {course(line['memory_without_files'])}.",
    ]) + "\n"


def report(path):
    with open(path, encoding="utf-8") as file:
        lines = [json.loads(line) for line in file]
    parts = [f"Ready after {line['ready_seconds']:.2f} s, first vector after {line['first_vector_seconds']:.2f} s.\n" for line in lines if line["phase"] == "start"]
    return "\n".join([*parts, offline(lines), load(lines), *(mixed(line) for line in lines if line["phase"] == "mixed")])
