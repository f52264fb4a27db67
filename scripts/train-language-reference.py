#!/usr/bin/env python3
"""Trains a GPT-2 with transformers by the recipe of `attend train language` (nanoGPT's), and prints loss and bits per byte of the validation texts.

    attend train language --settings --set … > settings.json
    python3 scripts/train-language-reference.py --settings settings.json --tokenizer DIR/tokenizer.json --train FILE… --valid FILE… --output DIR

The recipe: blocks that join, cut at another place in every epoch; AdamW, decay on matrices; a linear climb and half a cosine wave; gradients cut to a norm; weights
N(0, 0.02), the last maps of branches N(0, 0.02 / sqrt(2 L)). --model DIR begins with the parameters of a folder instead. Needs torch, transformers, tokenizers.
"""
import argparse, gzip, json, math, os, time, torch
from tokenizers import Tokenizer
from training_course import Course
from transformers import GPT2Config, GPT2LMHeadModel

parser = argparse.ArgumentParser()
for name in ("settings", "tokenizer", "output"):
    parser.add_argument("--" + name, required=True)
parser.add_argument("--train", nargs="+", required=True)
parser.add_argument("--valid", nargs="+", required=True)
parser.add_argument("--model", help="a folder to begin with, instead of random parameters")
parser.add_argument("--seed", type=int, default=1)
parser.add_argument("--threads", type=int, default=2)
parser.add_argument("--report", type=int, default=20, help="updates between reports")
options = parser.parse_args()
torch.set_num_threads(options.threads)
torch.manual_seed(options.seed)
settings = json.load(open(options.settings))
sizes, text, recipe = settings["model"], settings["text"], settings["training"]
tokenizer = Tokenizer.from_file(options.tokenizer)
END = tokenizer.token_to_id("<|endoftext|>")


def read(path):
    return (gzip.open if path.endswith(".gz") else open)(path, "rt", encoding="utf-8", newline="").read()


def joined(texts):
    return [i for one in texts for i in [END] + tokenizer.encode(one, add_special_tokens=False).ids]


train = torch.tensor(joined([read(p) for p in options.train]) + [END])
valid_texts = [read(p) for p in options.valid]
valid, byte_count = torch.tensor(joined(valid_texts)), sum(len(t.encode()) for t in valid_texts)
length, size = text["blockLength"], text["batchSize"]
if options.model:
    model = GPT2LMHeadModel.from_pretrained(options.model)
else:
    model = GPT2LMHeadModel(GPT2Config(
        vocab_size=tokenizer.get_vocab_size(), n_positions=length, n_embd=sizes["modelSize"], n_layer=sizes["layerCount"], n_head=sizes["headCount"],
        resid_pdrop=sizes["dropout"], embd_pdrop=sizes["dropout"], attn_pdrop=sizes["dropout"], bos_token_id=END, eos_token_id=END))
course = Course(model, recipe)
print(f"{len(train)} tokens, {sum(p.numel() for p in model.parameters())} parameters", flush=True)


def batches():
    while True:
        first = torch.randint(0, min(length, len(train) - length), (1,)).item()
        starts = first + length * torch.randperm((len(train) - 1 - first) // length)
        for i in range(0, len(starts), size):
            yield torch.stack([train[s:s + length + 1] for s in starts[i:i + size]])


def loss_of(blocks):
    logits = model(input_ids=blocks[:, :-1]).logits
    return torch.nn.functional.cross_entropy(logits.flatten(0, 1), blocks[:, 1:].flatten(), reduction="sum")


@torch.no_grad()
def validate():
    model.eval()
    cuts = [valid[i:i + length + 1] for i in range(0, len(valid) - 1, length)]
    whole = [c for c in cuts if len(c) == length + 1]
    total = sum(loss_of(torch.stack(whole[i:i + size])).item() for i in range(0, len(whole), size))
    total += sum(loss_of(c[None]).item() for c in cuts if len(c) <= length)
    model.train()
    return total / (len(valid) - 1), total / math.log(2) / byte_count


model.train()
source, start, recent, best = batches(), time.process_time(), [], math.inf
for update in range(1, recipe["maximumUpdates"] + 1):
    group = [next(source) for _ in range(recipe["accumulationCount"])]
    count = sum(b[:, 1:].numel() for b in group)
    total = 0.0
    for blocks in group:
        loss = loss_of(blocks) / count
        loss.backward()
        total += loss.item()
    course.step(update)
    recent.append(total)
    if update % options.report == 0:
        print(f"update {update}: loss {sum(recent) / len(recent):.4f}, {time.process_time() - start:.1f} s of processor time", flush=True)
        recent = []
    if update % recipe["validationInterval"] == 0:
        loss, bits = validate()
        print(f"update {update}: validation loss {loss:.4f}, {bits:.4f} bits per byte", flush=True)
        if loss < best:
            best = loss
            model.save_pretrained(options.output)
            tokenizer.save(os.path.join(options.output, "tokenizer.json"))
