"""Runs `attend compute` on every golden case of some folders and compares what it writes with what is expected.

    pip install numpy
    python scripts/check-vectors.py FOLDER… [--attend .build/release/attend] [--precision float32] [--table docs/results/vectors.md]

A case is NAME.json and NAME.safetensors. An output passes if |found − expected| <= atol + rtol |expected|, element by element, with
the case's tolerances; integers and truth values must be equal. Prints the failures; --table writes the passed cases per mechanism as
Markdown. Exits with 1 if anything differs.
"""

import argparse
import collections
import json
import pathlib
import struct
import subprocess
import sys
import tempfile

import numpy

ELEMENTS = {
    "F64": "<f8", "F32": "<f4", "F16": "<f2", "I64": "<i8", "I32": "<i4", "I16": "<i2", "I8": "<i1", "U8": "<u1",
    "BOOL": "<u1", "BF16": "<u2",
}


def tensors_of(path):
    """All tensors of a safetensors file; bfloat16 widened."""
    data = path.read_bytes()
    (size,) = struct.unpack("<Q", data[:8])
    header = json.loads(data[8 : 8 + size])
    tensors = {}
    for name, entry in header.items():
        if name == "__metadata__":
            continue
        start, end = entry["data_offsets"]
        array = numpy.frombuffer(data[8 + size + start : 8 + size + end], ELEMENTS[entry["dtype"]])
        if entry["dtype"] == "BF16":
            array = (array.astype("<u4") << 16).view("<f4")
        tensors[name] = array.reshape(entry["shape"])
    return tensors


def tolerance_of(tolerance, name):
    atol = tolerance["atol"]
    return tolerance["rtol"], atol[name] if isinstance(atol, dict) and name in atol else 0 if isinstance(atol, dict) else atol


def difference(found, expected, tolerance, name):
    """What is wrong with one output, or None."""
    if found is None:
        return "missing"
    if found.shape != expected.shape:
        return f"shape {list(found.shape)} instead of {list(expected.shape)}"
    if expected.dtype.kind in "iu":
        wrong = found.astype("i8") != expected.astype("i8")
    else:
        rtol, atol = tolerance_of(tolerance, name)
        found, expected = found.astype("f8"), expected.astype("f8")
        with numpy.errstate(invalid="ignore"):
            close = numpy.abs(found - expected) <= atol + rtol * numpy.abs(expected)
        wrong = ~(close | (found == expected) | (numpy.isnan(found) & numpy.isnan(expected)))
    if not wrong.any():
        return None
    at = tuple(int(index) for index in numpy.argwhere(wrong)[0])
    return f"{int(wrong.sum())} of {wrong.size} differ; at {list(at)} expected {expected[at]}, found {found[at]}"


def failures_of(case, attend, precision, folder):
    description = json.loads(case.read_text())
    inputs = case.with_suffix(".safetensors")
    outputs = pathlib.Path(folder) / "out.safetensors"
    outputs.unlink(missing_ok=True)
    command = [attend, "compute", "--inputs", inputs, "--spec", case, "--outputs", outputs, "--precision", precision]
    run = subprocess.run([*command, "--gradients"], capture_output=True, text=True)
    if run.returncode != 0:
        return description["mechanism"], [run.stderr.strip() or f"exit code {run.returncode}"]
    found, given = tensors_of(outputs), tensors_of(inputs)
    failures = []
    for name in description["expected"]:
        wrong = difference(found.get(name), given["expected." + name], description["tolerance"], name)
        if wrong:
            failures.append(f"{name}: {wrong}")
    return description["mechanism"], failures


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("folders", nargs="+", type=pathlib.Path)
    parser.add_argument("--attend", default=".build/release/attend")
    parser.add_argument("--precision", default="float32")
    parser.add_argument("--table", type=pathlib.Path)
    arguments = parser.parse_args()
    cases = [case for folder in arguments.folders for case in sorted(folder.glob("*.json")) if case.name != "index.json"]
    passed, total = collections.Counter(), collections.Counter()
    with tempfile.TemporaryDirectory() as folder:
        for case in cases:
            mechanism, failures = failures_of(case, arguments.attend, arguments.precision, folder)
            total[mechanism] += 1
            passed[mechanism] += not failures
            for failure in failures:
                print(f"{case.stem}: {failure}")
    print(f"{sum(passed.values())} of {sum(total.values())} cases pass, {len(total)} mechanisms")
    if arguments.table:
        rows = [f"| `{name}` | {passed[name]} | {total[name]} |" for name in sorted(total)]
        head = ["| mechanism | passed | cases |", "|---|---:|---:|"]
        last = [f"| **all {len(total)}** | **{sum(passed.values())}** | **{sum(total.values())}** |"]
        arguments.table.write_text("\n".join(head + rows + last) + "\n")
    sys.exit(0 if passed == total else 1)


if __name__ == "__main__":
    main()
