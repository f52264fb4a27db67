#!/usr/bin/env python3
"""Checks batch.py for real, in Spark's local mode: the answers are those of the commands alone, also where processes are killed.

    pip install pyspark        # and a Java, for example Debian's openjdk-17-jre-headless
    python3 check.py path/to/attend MODEL_THAT_EMBEDS

The model inside `attend` translates. Of each command the first process that starts is killed by SIGKILL after it has answered some lines; Spark has to try
that partition again.
"""

import json
import os
import subprocess
import sys
import tempfile

SENTENCES = [f"{who} {does} number {index}." for index in range(6) for who in ("The cat", "A dog") for does in ("sees", "likes")]


def killed_once(folder, name, command):
    """A script that runs a command, and kills the first one started when it has read three lines."""
    script = os.path.join(folder, name)
    with open(script, "w") as file:
        file.write(
            "#!/bin/sh\n"
            # Whoever makes the folder is the first.
            f"if mkdir {script}.first 2>/dev/null; then head -n 3 | {command}; kill -9 $$; fi\n"
            f"exec {command}\n"
        )
    os.chmod(script, 0o755)
    return script


def answers(command, lines):
    done = subprocess.run(command, shell=True, input="\n".join(lines) + "\n", capture_output=True, text=True, check=True)
    return done.stdout.splitlines()


def main():
    attend, model = os.path.abspath(sys.argv[1]), os.path.abspath(sys.argv[2])
    embed, translate = f"{attend} embed --json --threads 1 --model {model}", f"{attend} translate --threads 1"
    with tempfile.TemporaryDirectory() as folder:
        source, output = os.path.join(folder, "sentences.txt"), os.path.join(folder, "out")
        with open(source, "w") as file:
            file.write("\n".join(SENTENCES) + "\n")
        here = os.path.dirname(os.path.abspath(__file__))
        environment = dict(os.environ, PYSPARK_SUBMIT_ARGS="--master local[2,4] pyspark-shell", PYSPARK_PYTHON=sys.executable)
        subprocess.run(
            [
                sys.executable, os.path.join(here, "batch.py"), "--sentences", source, "--output", output, "--partitions", "3",
                "--embed", killed_once(folder, "embed", embed), "--translate", killed_once(folder, "translate", translate),
            ],
            check=True,
            env=environment,
        )
        rows = {}
        for name in os.listdir(output):
            if name.endswith(".json"):
                with open(os.path.join(output, name)) as file:
                    rows.update((row["sentence"], row) for row in map(json.loads, file))
        for name in ("embed", "translate"):
            assert os.path.isdir(os.path.join(folder, name + ".first")), f"no process of {name} was killed"
        expected = zip(SENTENCES, answers(translate, SENTENCES), map(json.loads, answers(embed, SENTENCES)))
        worst = 0.0
        for sentence, translation, vector in expected:
            row = rows.pop(sentence)
            assert row["translation"] == translation, (sentence, row["translation"], translation)
            # Lines that are computed together are padded together: the last bits may differ.
            worst = max([worst] + [abs(a - b) for a, b in zip(row["embedding"], vector["embedding"])])
        assert not rows, f"{len(rows)} rows too many"
        assert worst < 1e-5, worst
        print(f"{len(SENTENCES)} sentences, a killed process of each command: the same translations, vectors within {worst:.1e}")


if __name__ == "__main__":
    main()
