"""Checks that a tokenizer of ours gives the same ids as Hugging Face `tokenizers`, and the same text back.

    python scripts/check-tokenizer.py tokenizer.json file.tsv[.gz] --encode '.build/release/tokenize-lines encode {}'
    python scripts/check-tokenizer.py tokenizer.json file.tsv[.gz] --ids ids.txt

Takes the first two columns of the TSV (or the whole line where there is one), line by line. The ids come from a command
that reads lines from standard input and prints their ids (`{}` stands for the tokenizer), or from a file of such
output: ids between spaces, or one JSON array or object with "ids" for each line. With --decode, a command that reads ids
and prints texts is checked too. Needs `pip install tokenizers`; exits with 1 if a line differs.
"""

import argparse
import gzip
import json
import shlex
import subprocess
import sys

import tokenizers


def texts_of(path):
    with (gzip.open if path.endswith(".gz") else open)(path, "rb") as file:
        lines = file.read().decode("utf-8").split("\n")
    for line in lines[:-1] if lines[-1] == "" else lines:
        yield from line.removesuffix("\r").split("\t")[:2]


def run(command, tokenizer, lines):
    arguments = [part.replace("{}", tokenizer) for part in shlex.split(command)]
    result = subprocess.run(arguments, input="".join(f"{line}\n" for line in lines).encode(), capture_output=True)
    if result.returncode:
        sys.exit(f"{command}: {result.stderr.decode()}")
    return result.stdout.decode().removesuffix("\n").split("\n")


def ids_of(line):
    if line[:1] in "[{" and line:
        value = json.loads(line)
        return value["ids"] if isinstance(value, dict) else value
    return [int(word) for word in line.split()]


def compare(what, found, expected, inputs):
    if len(found) != len(expected):
        sys.exit(f"{what}: expected {len(expected)} lines, found {len(found)}")
    wrong = [index for index in range(len(found)) if found[index] != expected[index]]
    print(f"{what}: {len(expected)} lines, {len(wrong)} mismatching")
    for index in wrong[:5]:
        print(f"  {inputs[index]!r}\n    expected {expected[index]!r}\n    found    {found[index]!r}")
    return len(wrong)


parser = argparse.ArgumentParser()
parser.add_argument("tokenizer")
parser.add_argument("tsv")
parser.add_argument("--encode")
parser.add_argument("--ids")
parser.add_argument("--decode")
options = parser.parse_args()

reference = tokenizers.Tokenizer.from_file(options.tokenizer)
reference.no_truncation()
reference.no_padding()
texts = list(texts_of(options.tsv))
expected = [encoding.ids for encoding in reference.encode_batch(texts)]
if options.ids:
    lines = open(options.ids, encoding="utf-8").read().removesuffix("\n").split("\n")
else:
    lines = run(options.encode, options.tokenizer, texts)
wrong = compare("encode", [ids_of(line) for line in lines], expected, texts)
if options.decode:
    decoded = run(options.decode, options.tokenizer, [" ".join(map(str, ids)) for ids in expected])
    wrong += compare("decode", decoded, reference.decode_batch(expected), expected)
print(f"tokenizers {tokenizers.__version__}, {options.tokenizer}, {options.tsv}: {'same' if not wrong else 'DIFFERENT'}")
sys.exit(1 if wrong else 0)
