#!/usr/bin/env python3
"""Runs pretrained folders through `attend forward` and compares with the reference's outputs that lie beside them.

    python3 scripts/check-pretrained.py FOLDER… [--attend PROGRAM] [--verbose] [--generation]

A folder holds config.json, model.safetensors, case.json, and the inputs and expected outputs that case.json names; other
configurations that case.json names must give the same. With --generation, the cases of generation.json are run through
`attend generate` instead: the same tokens, scores within 1e-4. Folders of families that `attend` does not know are counted apart.
Needs numpy. Ends with 1 if a known folder deviates.
"""
import argparse, json, os, shutil, struct, subprocess, sys, tempfile
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


def forward(folder, files, attend, configuration):
    """What `attend forward` gives, or what it complains of."""
    with tempfile.TemporaryDirectory() as scratch:
        model = folder
        if configuration:
            model = os.path.join(scratch, "model")
            os.mkdir(model)
            for name in os.listdir(folder):
                os.symlink(os.path.abspath(os.path.join(folder, name)), os.path.join(model, name))
            os.remove(os.path.join(model, "config.json"))
            shutil.copy(os.path.join(folder, configuration), os.path.join(model, "config.json"))
        out = os.path.join(scratch, "out.safetensors")
        command = [attend, "forward", "--model", model, "--inputs", os.path.join(folder, files["inputs"]), "--outputs", out,
                   "--attentions", "--hidden-states"]
        run = subprocess.run(command, capture_output=True, text=True)
        return run.stderr.strip() if run.returncode else read(out)


def check(folder, attend, verbose):
    case = json.load(open(os.path.join(folder, "case.json")))
    worst, complaints = 0.0, []
    for configuration in [None, *case.get("other_configs", [])]:
        for files in case["files"].values():
            got = forward(folder, files, attend, configuration)
            if isinstance(got, str):
                return None if "expected a model_type of" in got else got
            expected = read(os.path.join(folder, files["expected"]))
            for name, rule in files["outputs"].items():
                if name not in got:
                    complaints.append(f"{name} is missing")
                    continue
                error = deviation(got[name], expected[name], rule, expected)
                if isinstance(error, str) or error > case["tolerance"]:
                    complaints.append(f"{name}: {error} ({configuration or 'config.json'}, {files['inputs']})")
                elif verbose:
                    print(f"    {name} {error:.1e}")
                if not isinstance(error, str):
                    worst = max(worst, error)
    return "; ".join(complaints) if complaints else worst


def generation_command(case, folder, attend):
    command = [attend, "generate", "--model", folder, "--json", "--max-new-tokens", str(case["max_new_tokens"])]
    if "inputs" in case:
        command += ["--inputs", os.path.join(folder, case["inputs"]), "--row", str(case["row"])]
    else:
        command += ["--input-ids", ",".join(map(str, case["input_ids"]))]
    if "decoder_input_ids" in case:
        command += ["--decoder-input-ids", ",".join(map(str, case["decoder_input_ids"]))]
    if "forced_bos_token_id" in case:
        command += ["--forced-bos", str(case["forced_bos_token_id"])]
    if not case["from_folder"]:
        end, early = case["eos_token_id"], case["early_stopping"]
        command += [
            "--ignore-generation-config", "--eos", "none" if end is None else str(end), "--beam", str(case["num_beams"]),
            "--length-penalty", str(case["length_penalty"]), "--early-stopping", str(early).lower(),
            "--no-repeat-ngram", str(case["no_repeat_ngram_size"]), "--repetition-penalty", str(case["repetition_penalty"]),
            "--min-new-tokens", str(case["min_new_tokens"]), "--return", str(case["num_return_sequences"])]
    return command


def check_generation(folder, attend, verbose):
    cases = json.load(open(os.path.join(folder, "generation.json")))["cases"]
    worst, complaints = 0.0, []
    for number, case in enumerate(cases):
        run = subprocess.run(generation_command(case, folder, attend), capture_output=True, text=True)
        if run.returncode:
            if "expected a model_type of" in run.stderr:
                return None
            complaints.append(f"{number} {case['name']}: {run.stderr.strip()}")
            continue
        got = json.loads(run.stdout)
        errors = [abs(x - y) / (1 + abs(y)) for x, y in zip(got["scores"], case["scores"])]
        if got["sequences"] != case["sequences"]:
            complaints.append(f"{number} {case['name']}: {got['sequences']} instead of {case['sequences']}")
        elif len(got["scores"]) != len(case["scores"]) or max(errors) > 1e-4:
            complaints.append(f"{number} {case['name']}: scores {got['scores']} instead of {case['scores']}")
        else:
            worst = max(worst, *errors)
            if verbose:
                print(f"    {case['name']} {max(errors):.1e}")
    return "; ".join(complaints) if complaints else worst


def main():
    parser = argparse.ArgumentParser()
    parser.add_argument("folders", nargs="+")
    parser.add_argument("--attend", default="attend")
    parser.add_argument("--verbose", action="store_true")
    parser.add_argument("--generation", action="store_true")
    arguments = parser.parse_args()
    counts = {"passed": 0, "failed": 0, "unknown": 0}
    for folder in arguments.folders:
        if not os.path.exists(os.path.join(folder, "generation.json" if arguments.generation else "case.json")):
            continue
        result = (check_generation if arguments.generation else check)(folder, arguments.attend, arguments.verbose)
        kind = "unknown" if result is None else "failed" if isinstance(result, str) else "passed"
        counts[kind] += 1
        if kind != "unknown":
            print(f"{kind} {os.path.basename(folder.rstrip('/'))} {result if kind == 'failed' else format(result, '.1e')}")
    print(f"{counts['passed']} passed, {counts['failed']} failed, {counts['unknown']} of families that are not known")
    sys.exit(1 if counts["failed"] else 0)


main()
