#!/usr/bin/env python3
"""Fine-tunes a model that finds answers with transformers, by the recipe of `attend train answer`, and prints exact match and F1 on a test set.

    python3 scripts/fine-tune-answer-reference.py --model DIR --train JSON --valid JSON --test JSON --output DIR [--epochs 1] [--rate 3e-4]

Data are SQuAD's JSON. The recipe: windows of 384 pieces that overlap by 128, in those without the whole answer both ends are the first piece; AdamW (beta 0.9, 0.999,
epsilon 1e-8, decay 0.01 on matrices), batches of 32 windows of similar length, a linear climb over the first tenth of all updates and a linear fall behind it, gradients
cut to norm 1, the model's own dropout, a new head drawn from N(0, 0.02). Answers are at most 30 pieces long. A run that is stopped goes on from its last
checkpoint. Needs torch, transformers.
"""
import argparse, collections, gzip, json, os, random, re, string, time, torch
from transformers import AutoModelForQuestionAnswering, AutoTokenizer

parser = argparse.ArgumentParser()
for name in ("model", "train", "valid", "test", "output"):
    parser.add_argument("--" + name, required=True)
parser.add_argument("--epochs", type=int, default=1)
parser.add_argument("--rate", type=float, default=3e-4)
parser.add_argument("--batch", type=int, default=32)
parser.add_argument("--seed", type=int, default=1)
parser.add_argument("--threads", type=int, default=1)
options = parser.parse_args()
torch.set_num_threads(options.threads)
torch.manual_seed(options.seed)
tokenizer = AutoTokenizer.from_pretrained(options.model)


def questions(path):
    data = json.load((gzip.open if path.endswith(".gz") else open)(path, "rt", encoding="utf-8"))["data"]
    return [(qa["question"], paragraph["context"], qa["answers"]) for article in data for paragraph in article["paragraphs"] for qa in paragraph["qas"]]


def windows(rows):
    """(ids, types, first, last, question, offsets of the context, None elsewhere) for every window."""
    found = []
    for number, (question, context, answers) in enumerate(rows):
        encoded = tokenizer(question, context, truncation="only_second", max_length=384, stride=128, return_overflowing_tokens=True,
                            return_offsets_mapping=True)
        start, end = answers[0]["answer_start"], answers[0]["answer_start"] + len(answers[0]["text"])
        for i, ids in enumerate(encoded["input_ids"]):
            offsets = [o if s == 1 else None for o, s in zip(encoded["offset_mapping"][i], encoded.sequence_ids(i))]
            first = max((p for p, o in enumerate(offsets) if o and o[0] <= start), default=None)
            last = min((p for p, o in enumerate(offsets) if o and o[1] >= end), default=None)
            if first is None or last is None or first > last:
                first = last = 0
            types = encoded["token_type_ids"][i] if "token_type_ids" in encoded else [0] * len(ids)
            found.append((ids, types, first, last, number, offsets))
    return found


def collate(rows):
    length = max(len(row[0]) for row in rows)
    pad = lambda values, filler: torch.tensor([list(v) + [filler] * (length - len(v)) for v in values])
    batch = dict(input_ids=pad([r[0] for r in rows], tokenizer.pad_token_id), attention_mask=pad([[1] * len(r[0]) for r in rows], 0))
    if "token_type_ids" in tokenizer.model_input_names:
        batch["token_type_ids"] = pad([r[1] for r in rows], 0)
    return batch


def normal(text):
    text = "".join(c for c in text.lower() if c not in string.punctuation)
    return " ".join(re.sub(r"\b(a|an|the)\b", " ", text).split())


def scores(answer, references):
    best = (0.0, 0.0)
    for reference in references:
        a, b = normal(answer).split(), normal(reference).split()
        common = sum((collections.Counter(a) & collections.Counter(b)).values())
        f1 = float(a == b) if not a or not b else 2 * common / (len(a) + len(b))
        best = (max(best[0], float(a == b)), max(best[1], f1))
    return best


def evaluate(model, rows):
    model.eval()
    best = collections.defaultdict(lambda: (-1e9, ""))
    cut = sorted(windows(rows), key=lambda row: len(row[0]))
    with torch.no_grad():
        for i in range(0, len(cut), 32):
            part = cut[i:i + 32]
            output = model(**collate(part))
            for row, begin, end in zip(part, output.start_logits, output.end_logits):
                offsets, context = row[5], rows[row[4]][1]
                places = [p for p, o in enumerate(offsets) if o]
                table = begin[places][:, None] + end[places][None]
                keep = torch.ones_like(table, dtype=torch.bool).triu().tril(29)
                value, index = table.masked_fill(~keep, -1e9).flatten().max(0)
                first, last = places[int(index) // len(places)], places[int(index) % len(places)]
                if float(value) > best[row[4]][0]:
                    best[row[4]] = (float(value), context[offsets[first][0]:offsets[last][1]])
    found = [scores(best[i][1], [a["text"] for a in answers]) for i, (_, _, answers) in enumerate(rows)]
    return tuple(100 * sum(column) / len(found) for column in zip(*found))


train, valid, test = questions(options.train), questions(options.valid), questions(options.test)
examples = windows(train)
model = AutoModelForQuestionAnswering.from_pretrained(options.model, attn_implementation="sdpa")
torch.nn.init.normal_(model.qa_outputs.weight, std=0.02)
torch.nn.init.zeros_(model.qa_outputs.bias)
trained = list(model.parameters())
optimizer = torch.optim.AdamW(
    [dict(params=[p for p in trained if p.dim() > 1], weight_decay=0.01), dict(params=[p for p in trained if p.dim() < 2], weight_decay=0)],
    lr=options.rate, betas=(0.9, 0.999), eps=1e-8)
total = options.epochs * -(-len(examples) // options.batch)
warmup = total // 10
schedule = torch.optim.lr_scheduler.LambdaLR(optimizer, lambda u: min((u + 1) / max(1, warmup), (total - u) / (total - warmup + 1)))
batches = []
for epoch in range(options.epochs):
    order = random.Random(options.seed + epoch).sample(range(len(examples)), len(examples))
    pools = [sorted(order[i:i + 50 * options.batch], key=lambda j: len(examples[j][0])) for i in range(0, len(order), 50 * options.batch)]
    epoch_batches = [pool[i:i + options.batch] for pool in pools for i in range(0, len(pool), options.batch)]
    random.Random(options.seed + epoch).shuffle(epoch_batches)
    batches += epoch_batches
os.makedirs(options.output, exist_ok=True)
checkpoint, done = os.path.join(options.output, "checkpoint.pt"), 0
if os.path.exists(checkpoint):
    state = torch.load(checkpoint, weights_only=False)
    model.load_state_dict(state["model"])
    optimizer.load_state_dict(state["optimizer"])
    schedule.load_state_dict(state["schedule"])
    done = state["done"]
print(f"{len(examples)} windows, {len(batches)} updates, from {done}", flush=True)
for update in range(done, len(batches)):
    model.train()
    rows, started = [examples[j] for j in batches[update]], time.process_time()
    output = model(**collate(rows), start_positions=torch.tensor([r[2] for r in rows]), end_positions=torch.tensor([r[3] for r in rows]))
    optimizer.zero_grad()
    output.loss.backward()
    torch.nn.utils.clip_grad_norm_(trained, 1.0)
    optimizer.step()
    schedule.step()
    if (update + 1) % 25 == 0 or update + 1 == len(batches):
        print(f"update {update + 1}: loss {float(output.loss):.3f}, {time.process_time() - started:.2f} s", flush=True)
        torch.save(dict(model=model.state_dict(), optimizer=optimizer.state_dict(), schedule=schedule.state_dict(), done=update + 1), checkpoint + ".new")
        os.replace(checkpoint + ".new", checkpoint)
for name, rows in (("validation", valid), ("test", test)):
    print("%s: exact match %.2f, F1 %.2f" % (name, *evaluate(model, rows)), flush=True)
