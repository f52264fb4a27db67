#!/usr/bin/env python3
"""Holds a folder that `attend train classify | answer | tag` has left against transformers: both compute the logits of the same texts.

    python3 scripts/check-fine-tuned.py FOLDER [--attend PROGRAM] [--base FOLDER]

With --base, FOLDER holds adapters, which PEFT adds to the model of BASE, and `attend model merge` merges. Needs torch, transformers, safetensors and, for adapters, peft.
Ends with 1 if any logit differs by more than 1e-5 · (1 + |logit|).
"""
import argparse, json, os, subprocess, sys, tempfile, torch, transformers
from safetensors.torch import load_file, save_file

TEXTS = ["Where is my new card?", "I don't recognise a payment on my statement, and it is still pending since yesterday.", "", "Überweisung nach 日本 🙂", "refund"]

parser = argparse.ArgumentParser()
parser.add_argument("folder")
parser.add_argument("--attend", default=".build/release/attend")
parser.add_argument("--base")
options = parser.parse_args()
config = json.load(open(os.path.join(options.folder, "config.json")))
task = next(t for t in ("SequenceClassification", "QuestionAnswering", "TokenClassification") if config["architectures"][0].endswith("For" + t))
model_class = getattr(transformers, "AutoModelFor" + task)
tokenizer = transformers.AutoTokenizer.from_pretrained(options.folder)
if options.base:
    import peft
    labels = {} if task == "QuestionAnswering" else dict(num_labels=len(config["id2label"]))
    model = peft.PeftModel.from_pretrained(model_class.from_pretrained(options.base, **labels), options.folder)
else:
    model = model_class.from_pretrained(options.folder)
    assert task == "QuestionAnswering" or model.config.label2id == {name: int(i) for i, name in config["id2label"].items()}
model.eval()
inputs = tokenizer(TEXTS, padding=True, return_tensors="pt")
with torch.no_grad():
    expected = {key: value for key, value in model(**inputs).items() if key.endswith("logits")}
worst = 0.0
with tempfile.TemporaryDirectory() as scratch:
    folder = options.folder
    if options.base:
        folder = os.path.join(scratch, "merged")
        subprocess.run([options.attend, "model", "merge", "--model", options.base, "--adapter", options.folder, "--output", folder], check=True)
    save_file({key: value.contiguous() for key, value in inputs.items()}, os.path.join(scratch, "in.safetensors"))
    subprocess.run([options.attend, "forward", "--model", folder, "--inputs", os.path.join(scratch, "in.safetensors"), "--outputs",
                    os.path.join(scratch, "out.safetensors")], check=True)
    found = load_file(os.path.join(scratch, "out.safetensors"))
mask = inputs["attention_mask"].bool()
for name, value in expected.items():
    error = (found[name] - value).abs() / (1 + value.abs())
    if task != "SequenceClassification":
        error = error[mask]
    worst = max(worst, error.max().item())
print(f"{options.folder}: {len(TEXTS)} texts, logits within {worst:.1e} of transformers {transformers.__version__}")
sys.exit(worst > 1e-5)
