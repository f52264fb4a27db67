#!/usr/bin/env python3
"""Fine-tunes a classifier of texts with transformers (and PEFT for --rank), by the recipe of `attend train classify`, and prints the accuracy on a test set.

    python3 scripts/fine-tune-reference.py --model DIR --train TSV --valid TSV --test TSV --output DIR [--epochs 5] [--rate 1e-4] [--rank 8]

The recipe: AdamW (beta 0.9, 0.999, epsilon 1e-8, decay 0.01 on matrices), batches of 32 texts of similar length, a linear climb over the first tenth of all updates and
a linear fall behind it, gradients cut to norm 1, the model's own dropout, a new output map drawn from N(0, 0.02); the epoch with the best accuracy on the validation set
counts. Columns are label, text. A run that is stopped goes on from its last epoch. Needs torch, transformers, peft.
"""
import argparse, gzip, json, os, random, time, torch
from transformers import AutoModelForSequenceClassification, AutoTokenizer

parser = argparse.ArgumentParser()
for name in ("model", "train", "valid", "test", "output"):
    parser.add_argument("--" + name, required=True)
parser.add_argument("--epochs", type=int, default=5)
parser.add_argument("--rate", type=float, default=1e-4)
parser.add_argument("--batch", type=int, default=32)
parser.add_argument("--length", type=int, default=128)
parser.add_argument("--rank", type=int, default=0, help="the rank of adapters; 0 trains all parameters")
parser.add_argument("--alpha", type=float, default=16)
parser.add_argument("--targets", default="query,value")
parser.add_argument("--seed", type=int, default=1)
parser.add_argument("--threads", type=int, default=1)
options = parser.parse_args()
torch.set_num_threads(options.threads)
torch.manual_seed(options.seed)


def rows(path):
    lines = (gzip.open if path.endswith(".gz") else open)(path, "rt", encoding="utf-8")
    return [line.rstrip("\n").split("\t")[:2] for line in lines if line.strip()]


train, valid, test = rows(options.train), rows(options.valid), rows(options.test)
labels = sorted({label for label, _ in train})
index = {label: i for i, label in enumerate(labels)}
tokenizer = AutoTokenizer.from_pretrained(options.model)


def encode(data):
    ids = tokenizer([text for _, text in data], truncation=True, max_length=options.length)["input_ids"]
    return [(row, index[label]) for row, (label, _) in zip(ids, data)]


train, valid, test = encode(train), encode(valid), encode(test)
model = AutoModelForSequenceClassification.from_pretrained(
    options.model, num_labels=len(labels), id2label=dict(enumerate(labels)), label2id=index, attn_implementation="sdpa")
torch.nn.init.normal_(model.classifier.weight, std=0.02)
torch.nn.init.zeros_(model.classifier.bias)
if options.rank:
    from peft import LoraConfig, get_peft_model
    model = get_peft_model(model, LoraConfig(r=options.rank, lora_alpha=options.alpha, target_modules=options.targets.split(","),
                                             modules_to_save=["pooler.dense", "classifier"]))
trained = [p for p in model.parameters() if p.requires_grad]
print(f"{sum(p.numel() for p in trained)} of {sum(p.numel() for p in model.parameters())} parameters are trained", flush=True)
optimizer = torch.optim.AdamW(
    [dict(params=[p for p in trained if p.dim() > 1], weight_decay=0.01), dict(params=[p for p in trained if p.dim() < 2], weight_decay=0)],
    lr=options.rate, betas=(0.9, 0.999), eps=1e-8)
per_epoch = -(-len(train) // options.batch)
total = options.epochs * per_epoch
warmup = total // 10


def rate(update):
    return options.rate * min(update / max(1, warmup), (total - update + 1) / (total - warmup + 1))


def batches(epoch):
    """Of similar length: a shuffled list in pools of 50 batches, each sorted by length, cut, and all batches shuffled."""
    generator = random.Random(options.seed * 1000 + epoch)
    order = list(range(len(train)))
    generator.shuffle(order)
    pool = 50 * options.batch
    line = [i for first in range(0, len(order), pool) for i in sorted(order[first:first + pool], key=lambda i: len(train[i][0]))]
    found = [line[first:first + options.batch] for first in range(0, len(line), options.batch)]
    generator.shuffle(found)
    return found


def tensors(examples):
    longest = max(len(ids) for ids, _ in examples)
    ids = torch.tensor([ids + [0] * (longest - len(ids)) for ids, _ in examples])
    mask = torch.tensor([[1] * len(ids) + [0] * (longest - len(ids)) for ids, _ in examples])
    return dict(input_ids=ids, attention_mask=mask), torch.tensor([label for _, label in examples])


def accuracy(data):
    model.eval()
    data, right = sorted(data, key=lambda e: len(e[0])), 0
    with torch.no_grad():
        for first in range(0, len(data), 64):
            inputs, targets = tensors(data[first:first + 64])
            right += (model(**inputs).logits.argmax(1) == targets).sum().item()
    return right / len(data)


os.makedirs(options.output, exist_ok=True)
checkpoint = os.path.join(options.output, "checkpoint.pt")
first, update, seconds, best = 0, 0, 0.0, (-1.0, -1)
if os.path.exists(checkpoint):
    saved = torch.load(checkpoint, weights_only=False)
    model.load_state_dict(saved["model"])
    optimizer.load_state_dict(saved["optimizer"])
    torch.set_rng_state(saved["random"])
    first, update, seconds, best = saved["progress"]
for epoch in range(first, options.epochs):
    model.train()
    start, cpu, losses = time.time(), time.process_time(), 0.0
    for chosen in batches(epoch):
        update += 1
        for group in optimizer.param_groups:
            group["lr"] = rate(update)
        inputs, targets = tensors([train[i] for i in chosen])
        loss = torch.nn.functional.cross_entropy(model(**inputs).logits, targets)
        optimizer.zero_grad()
        loss.backward()
        torch.nn.utils.clip_grad_norm_(trained, 1.0)
        optimizer.step()
        losses += loss.item()
    seconds += time.process_time() - cpu
    found = accuracy(valid)
    print(json.dumps(dict(epoch=epoch + 1, loss=losses / per_epoch, valid=found, cpu_seconds=seconds, wall=time.time() - start)), flush=True)
    if found > best[0]:
        best = (found, epoch + 1)
        model.save_pretrained(os.path.join(options.output, "best"))
        torch.save(model.state_dict(), os.path.join(options.output, "best.pt"))
    torch.save(dict(model=model.state_dict(), optimizer=optimizer.state_dict(), random=torch.get_rng_state(),
                    progress=(epoch + 1, update, seconds, best)), checkpoint + ".new")
    os.replace(checkpoint + ".new", checkpoint)
model.load_state_dict(torch.load(os.path.join(options.output, "best.pt")))
print(json.dumps(dict(best_epoch=best[1], valid=best[0], test=accuracy(test), test_count=len(test), cpu_seconds=seconds)))
