#!/usr/bin/env python3
"""Trains a T5 with transformers by the recipe of `attend train summarization`, and prints the loss of the validation texts; with --test, ROUGE by rouge-score.

    attend train summarization --settings --set … > settings.json
    python3 scripts/train-summarization-reference.py --settings settings.json --tokenizer DIR/tokenizer.json --train FILE… --valid FILE… --output DIR
        [--text-field description --summary-field synopsis] [--test FILE]

The recipe: batches of similar length and a number of tokens; AdamW, decay on matrices; a linear climb and half a cosine wave; gradients cut to a norm; weights as T5's
authors drew them. Summaries are beams of four. Files are .jsonl or lines of two columns. Needs torch, transformers, tokenizers, rouge-score.
"""
import argparse, gzip, json, math, os, random, time, torch
from tokenizers import Tokenizer
from training_course import Course
from transformers import T5Config, T5ForConditionalGeneration

parser = argparse.ArgumentParser()
for name in ("settings", "tokenizer", "output"):
    parser.add_argument("--" + name, required=True)
parser.add_argument("--train", nargs="+", required=True)
parser.add_argument("--valid", nargs="+", required=True)
parser.add_argument("--test", nargs="*", default=[])
parser.add_argument("--text-field", default="text")
parser.add_argument("--summary-field", default="summary")
parser.add_argument("--model", help="a folder to begin with, instead of random parameters")
parser.add_argument("--seed", type=int, default=1)
parser.add_argument("--threads", type=int, default=2)
parser.add_argument("--report", type=int, default=20, help="updates between reports")
options = parser.parse_args()
torch.set_num_threads(options.threads)
torch.manual_seed(options.seed)
random.seed(options.seed)
settings = json.load(open(options.settings))
sizes, text, recipe = settings["model"], settings["text"], settings["training"]
tokenizer = Tokenizer.from_file(options.tokenizer)
PAD, END = tokenizer.token_to_id("<pad>"), tokenizer.token_to_id("</s>")


def read(paths):
    pairs = []
    for path in paths:
        for line in (gzip.open if path.endswith(".gz") else open)(path, "rt", encoding="utf-8"):
            if not line.strip():
                continue
            if ".jsonl" in path:
                record = json.loads(line)
                pairs.append((record[options.text_field], record[options.summary_field]))
            else:
                pairs.append(tuple(line.rstrip("\n").split("\t")))
    return pairs


def ids(string, limit):
    found = tokenizer.encode(string).ids
    return found if len(found) <= limit else found[:limit - 1] + found[-1:]


def encode(pairs):
    return [(ids(text["prefix"] + a, text["maximumTextLength"]), ids(b, text["maximumSummaryLength"])) for a, b in pairs]


def cut(pairs, shuffles):
    order = list(range(len(pairs)))
    if shuffles:
        random.shuffle(order)
    order.sort(key=lambda i: (len(pairs[i][1]), len(pairs[i][0])))
    found, bucket, longest = [], [], 1
    for i in order:
        grown = max(longest, len(pairs[i][0]), len(pairs[i][1]))
        if (len(bucket) + 1) * grown > text["batchTokens"]:
            found.append(bucket)
            bucket, grown = [], max(len(pairs[i][0]), len(pairs[i][1]))
        bucket, longest = bucket + [pairs[i]], grown
    found.append(bucket)
    if shuffles:
        random.shuffle(found)
    return found


def padded(rows, filler):
    width = max(map(len, rows))
    return torch.tensor([row + [filler] * (width - len(row)) for row in rows])


train, valid = encode(read(options.train)), encode(read(options.valid))
if options.model:
    model = T5ForConditionalGeneration.from_pretrained(options.model)
else:
    model = T5ForConditionalGeneration(T5Config(
        vocab_size=tokenizer.get_vocab_size(), d_model=sizes["modelSize"], d_kv=sizes["headSize"], d_ff=sizes["feedForwardSize"],
        num_layers=sizes["encoderLayerCount"], num_decoder_layers=sizes["decoderLayerCount"], num_heads=sizes["headCount"],
        dropout_rate=sizes["dropout"], pad_token_id=PAD, eos_token_id=END, decoder_start_token_id=PAD))
course = Course(model, recipe)
print(f"{len(train)} texts, {sum(p.numel() for p in model.parameters())} parameters", flush=True)


def loss_of(batch, smoothing=0.0):
    source, labels = padded([a for a, _ in batch], PAD), padded([b for _, b in batch], -100)
    mask = padded([[1] * len(a) for a, _ in batch], 0)
    logits = model(input_ids=source, attention_mask=mask, labels=labels).logits
    return torch.nn.functional.cross_entropy(logits.flatten(0, 1), labels.flatten(), reduction="sum", label_smoothing=smoothing)


def batches():
    while True:
        yield from cut(train, True)


@torch.no_grad()
def validate():
    model.eval()
    total = sum(loss_of(batch).item() for batch in cut(valid, False))
    model.train()
    return total / sum(len(b) for _, b in valid)


model.train()
source, start, recent, best, tokens = batches(), time.process_time(), [], math.inf, 0
for update in range(1, recipe["maximumUpdates"] + 1):
    group = [next(source) for _ in range(recipe["accumulationCount"])]
    count = sum(len(b) for batch in group for _, b in batch)
    total = 0.0
    for batch in group:
        loss = loss_of(batch, settings["smoothing"]) / count
        loss.backward()
        total += loss.item() * count
    course.step(update)
    recent.append(total)
    tokens += count
    if update % options.report == 0:
        print(f"update {update}: loss {sum(recent) / tokens:.4f}, {time.process_time() - start:.1f} s of processor time", flush=True)
        recent, tokens = [], 0
    if update % recipe["validationInterval"] == 0:
        loss = validate()
        print(f"update {update}: validation loss {loss:.4f}", flush=True)
        if loss < best:
            best = loss
            model.save_pretrained(options.output)
            tokenizer.save(os.path.join(options.output, "tokenizer.json"))

if options.test:
    from rouge_score import rouge_scorer
    model = T5ForConditionalGeneration.from_pretrained(options.output).eval()
    scorer, names = rouge_scorer.RougeScorer(["rouge1", "rouge2", "rougeL"]), ["rouge1", "rouge2", "rougeL"]
    sums, test = dict.fromkeys(names, 0.0), read(options.test)
    for (long, short), (row, _) in zip(test, encode(test)):
        with torch.no_grad():
            found = model.generate(input_ids=torch.tensor([row]), num_beams=4, max_length=text["maximumSummaryLength"] + 1)[0]
        score = scorer.score(short, tokenizer.decode(found.tolist()))
        for name in names:
            sums[name] += score[name].fmeasure
    print({name: round(100 * sums[name] / len(test), 2) for name in names})
