#!/usr/bin/env python3
"""Runs pretrained folders through `attend forward` and compares with the reference's outputs that lie beside them.

    python3 scripts/check-pretrained.py FOLDER… [--attend PROGRAM] [--verbose]

A folder holds config.json, model.safetensors, case.json, and the inputs and expected outputs that case.json names. Folders of
families that `attend` does not know are counted apart. Needs numpy. Ends with 1 if a known folder deviates.
"""
import argparse, json, os, struct, subprocess, sys, tempfile
import numpy

TYPES = {"F64": "<f8", "F32": "<f4", "F16": "<f2", "I64": "<i8", "I32": "<i4", "BOOL": "?", "U8": "u1"}


def read(path):
    with open(path, "rb") as file:
        (size,) = struct.unpack("<Q", file.read(8))
        header, data = json.loads(file.read(size)), file.read()
    return {
        name: numpy.frombuffer(data[entry["data_offsets"][0]:entry["data_offsets"][1]], TYPES[entry["dtype"]]).reshape(entry["shape"])
        for name, entry in header.items() if name != "__metadata__"
    }


def deviation(got, expected, rule, valid):
    """The largest |got − expected| / (1 + |expected|) where the comparison means something."""
    if got.shape != expected.shape:
        return f"shape {list(got.shape)} instead of {list(expected.shape)}"
    error = numpy.abs(got.astype("f8") - expected) / (1 + numpy.abs(expected))
    if "mask" in rule:
        error = numpy.moveaxis(error, rule["axis"], 1)
        error = error[valid[rule["mask"]].astype(bool)]
    return float("inf") if not numpy.isfinite(error).all() else float(error.max(initial=0))


def check(folder, attend, verbose):
    case = json.load(open(os.path.join(folder, "case.json")))
    worst, complaints = 0.0, []
    for files in case["files"].values():
        with tempfile.TemporaryDirectory() as scratch:
            out = os.path.join(scratch, "out.safetensors")
            command = [attend, "forward", "--model", folder, "--inputs", os.path.join(folder, files["inputs"]), "--outputs", out,
                       "--attentions", "--hidden-states"]
            run = subprocess.run(command, capture_output=True, text=True)
            if run.returncode:
                return None if "expected a model_type of" in run.stderr else run.stderr.strip()
            got = read(out)
        expected = read(os.path.join(folder, files["expected"]))
        for name, rule in files["outputs"].items():
            if name not in got:
                complaints.append(f"{name} is missing")
                continue
            error = deviation(got[name], expected[name], rule, expected)
            if isinstance(error, str) or error > case["tolerance"]:
                complaints.append(f"{name}: {error}")
            elif verbose:
                print(f"    {name} {error:.1e}")
            if not isinstance(error, str):
                worst = max(worst, error)
    return "; ".join(complaints) if complaints else worst


def main():
    parser = argparse.ArgumentParser()
    parser.add_argument("folders", nargs="+")
    parser.add_argument("--attend", default="attend")
    parser.add_argument("--verbose", action="store_true")
    arguments = parser.parse_args()
    counts = {"passed": 0, "failed": 0, "unknown": 0}
    for folder in arguments.folders:
        if not os.path.exists(os.path.join(folder, "case.json")):
            continue
        result = check(folder, arguments.attend, arguments.verbose)
        kind = "unknown" if result is None else "failed" if isinstance(result, str) else "passed"
        counts[kind] += 1
        if kind != "unknown":
            print(f"{kind} {os.path.basename(folder.rstrip('/'))} {result if kind == 'failed' else format(result, '.1e')}")
    print(f"{counts['passed']} passed, {counts['failed']} failed, {counts['unknown']} of families that are not known")
    sys.exit(1 if counts["failed"] else 0)


main()
