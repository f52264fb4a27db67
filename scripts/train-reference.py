"""Our Transformer in PyTorch, trained with the same settings on the same data, so that both can be compared.

Needs torch, tokenizers, sacrebleu and safetensors; computes in float32 on the CPU. It trains, averages the kept
snapshots, translates the test set and scores it:

    python3 scripts/train-reference.py --config settings.json --tokenizer tokenizer.json --train train.tsv.gz \\
        --valid valid.tsv.gz --test test.tsv.gz --output runs/reference --set maximumMinutes=60

--config is a file of settings as for `attend train translation`, such as the settings.json that it leaves behind, or
the config.json of a model folder; --set changes single ones. They mean what they mean there; only random draws differ.
What this script does not know, such as scheduled sampling, it refuses.

The output folder is a model folder (config.json, model.safetensors, tokenizer.json) with log.jsonl (the events of our
own log and a last one for the test), test.txt (the translations), checkpoint.pt and the kept snapshots. SIGINT and
SIGTERM finish the update, save and exit with 128 + the signal; --resume goes on exactly from the checkpoint.

Whether both programs compute the same is seen with the weights of either. The first line prints the sum of the
cross-entropies of all target tokens (end tokens included, no smoothing, no dropout) and their number, the second
translates and scores, the third makes weights; with --train, --import gives the weights to start from:

    python3 scripts/train-reference.py --config … --tokenizer … --import model.safetensors --logits valid.tsv.gz
    python3 scripts/train-reference.py --config … --tokenizer … --import model.safetensors --test test.tsv.gz
    python3 scripts/train-reference.py --config … --tokenizer … --export untrained.safetensors

On glibc, GLIBC_TUNABLES=glibc.malloc.mmap_max=0:glibc.malloc.trim_threshold=34359738368:glibc.malloc.hugetlb=1 in the
environment saves page faults. Beside other work on the same cores, OMP_WAIT_POLICY=passive keeps threads from spinning.
"""
import argparse
import gzip
import io
import itertools
import json
import math
import os
import pathlib
import random
import shutil
import signal
import sys
import time

import sacrebleu
import torch
import torch.nn.functional as F
from safetensors.torch import load_file, save
from tokenizers import Tokenizer
from torch import nn

MODEL = dict(
    vocabularySize=0, modelSize=256, headCount=4, encoderLayerCount=4, decoderLayerCount=4, feedForwardSize=1024,
    activation="relu", normOrder="pre", dropout=0.1, attentionDropout=0.0, activationDropout=0.0,
    positions="sinusoidal", attention="scaled_dot", selfNormalizer="softmax", crossNormalizer="softmax",
    maximumLength=512, special=dict(padding=0, start=1, end=2))
TRAINING = dict(
    tokenizerSize=8000, lowercase=False, maximumLength=128, batchTokens=4096, accumulationCount=1,
    maximumUpdates=20000, maximumEpochs=0, maximumMinutes=0.0, schedule="inverseSquareRoot", peakRate=1e-3,
    warmup=1000, beta1=0.9, beta2=0.98, epsilon=1e-9, weightDecay=0.0, clippingNorm=1.0, smoothing=0.1,
    samplingProbability=0.0, samplingUpdates=10000, validationInterval=500, checkpointInterval=250, patience=10,
    snapshots="best", snapshotCount=5, precision="float32")
KNOWN = dict(
    positions=["sinusoidal"], attention=["scaled_dot"], selfNormalizer=["softmax"], crossNormalizer=["softmax"],
    precision=["float32"], accumulationCount=[1], maximumEpochs=[0], weightDecay=[0], samplingProbability=[0],
    schedule=["inverseSquareRoot", "cosine"])
ACTIVATIONS = dict(identity=nn.Identity(), relu=F.relu, gelu=F.gelu, silu=F.silu, tanh=torch.tanh)


# The model: its modules bear the names of our checkpoints.

class MultiHeadAttention(nn.Module):
    def __init__(self, config):
        super().__init__()
        size = config["modelSize"]
        self.query, self.key, self.value, self.output = (nn.Linear(size, size) for _ in range(4))
        self.head_count, self.dropout = config["headCount"], config["attentionDropout"]

    def split(self, x):
        return x.unflatten(-1, (self.head_count, -1)).transpose(1, 2)  # [B, H, L, D]

    def remember(self, x):
        return self.split(self.key(x)), self.split(self.value(x))

    def forward(self, x, memory, mask=None, causal=False):
        dropout = self.dropout if self.training else 0
        context = F.scaled_dot_product_attention(self.split(self.query(x)), *memory, mask, dropout, causal)
        return self.output(context.transpose(1, 2).flatten(2))


class FeedForward(nn.Module):
    def __init__(self, config):
        super().__init__()
        self.up = nn.Linear(config["modelSize"], config["feedForwardSize"])
        self.down = nn.Linear(config["feedForwardSize"], config["modelSize"])
        self.activation, self.dropout = ACTIVATIONS[config["activation"]], config["activationDropout"]

    def forward(self, x):
        return self.down(F.dropout(self.activation(self.up(x)), self.dropout, self.training))


class Residual(nn.LayerNorm):
    """A norm together with its residual branch, for both norm orders."""

    def __init__(self, config):
        super().__init__(config["modelSize"], eps=1e-5)
        self.is_pre, self.dropout = config["normOrder"] == "pre", config["dropout"]

    def forward(self, x, sublayer):
        branch = sublayer(super().forward(x) if self.is_pre else x)
        x = x + F.dropout(branch, self.dropout, self.training)
        return x if self.is_pre else super().forward(x)


class EncoderLayer(nn.Module):
    def __init__(self, config):
        super().__init__()
        self.self_attention, self.self_attention_norm = MultiHeadAttention(config), Residual(config)
        self.feed_forward, self.feed_forward_norm = FeedForward(config), Residual(config)

    def forward(self, x, mask):
        x = self.self_attention_norm(x, lambda x: self.self_attention(x, self.self_attention.remember(x), mask))
        return self.feed_forward_norm(x, self.feed_forward)


class DecoderLayer(EncoderLayer):
    def __init__(self, config):
        super().__init__(config)
        self.cross_attention, self.cross_attention_norm = MultiHeadAttention(config), Residual(config)

    def forward(self, x, source, mask, past=None):
        """Without a past, all of the targets [B, T, M]; padding stands behind what never looks ahead. With it, one
        position of the W hypotheses of each sentence, [B, W, M]: to the source they are W queries of one row, so that
        it is not repeated; what each has written so far grows in `past`, [B · W, H, T, D]."""
        def read(x):
            rows = x if past is None else x.flatten(0, 1).unsqueeze(1)
            memory = self.self_attention.remember(rows)
            if past is not None:
                memory = past[:] = [torch.cat(parts, 2) for parts in zip(past, memory)] if past else memory
            return self.self_attention(rows, memory, causal=past is None).view_as(x)

        x = self.self_attention_norm(x, read)
        x = self.cross_attention_norm(x, lambda x: self.cross_attention(x, source, mask))
        return self.feed_forward_norm(x, self.feed_forward)


class Transformer(nn.Module):
    def __init__(self, config):
        super().__init__()
        size, is_pre, self.dropout = config["modelSize"], config["normOrder"] == "pre", config["dropout"]
        self.special, self.positions = config["special"], sinusoids(4096, size)
        self.embedding = nn.Embedding(config["vocabularySize"], size)
        self.encoder = nn.ModuleList(EncoderLayer(config) for _ in range(config["encoderLayerCount"]))
        self.decoder = nn.ModuleList(DecoderLayer(config) for _ in range(config["decoderLayerCount"]))
        self.encoder_norm, self.decoder_norm = (nn.LayerNorm(size) if is_pre else nn.Identity() for _ in range(2))
        nn.init.normal_(self.embedding.weight, std=size**-0.5)
        for module in self.modules():
            if isinstance(module, nn.Linear):
                nn.init.xavier_uniform_(module.weight)
                nn.init.zeros_(module.bias)

    def embed(self, ids, positions):
        scaled = self.embedding(ids) * math.sqrt(self.embedding.embedding_dim)
        return F.dropout(scaled + self.positions[positions], self.dropout, self.training)

    def remember(self, source, mask):
        """Source ids [B, K] → the keys and values of each decoder layer."""
        x = self.embed(source, slice(source.shape[1]))
        for layer in self.encoder:
            x = layer(x, mask)
        x = self.encoder_norm(x)
        return [layer.cross_attention.remember(x) for layer in self.decoder]

    def decode(self, ids, positions, memories, mask, past):
        x = self.embed(ids, positions)
        for layer, memory, layer_past in zip(self.decoder, memories, past):
            x = layer(x, memory, mask, layer_past)
        return self.decoder_norm(x)

    def loss(self, pairs, smoothing=0):
        """Σ (1 − ε)(lse x − x_target) + ε (lse x − mean x) over the target tokens of a batch, and their number."""
        source, mask, _ = padded([source for source, _ in pairs], self.special)
        inputs, _, real = padded([[self.special["start"]] + target[:-1] for _, target in pairs], self.special)
        targets = torch.tensor([token for _, target in pairs for token in target])
        past = [None] * len(self.decoder)
        hidden = self.decode(inputs, slice(inputs.shape[1]), self.remember(source, mask), mask, past)[real]
        weight = self.embedding.weight
        loss = F.cross_entropy(F.linear(hidden, weight), targets, reduction="sum")
        if smoothing:
            # ε (x_target − mean x), from rows of the weights and their mean: faster than from all logits once more.
            loss = loss + smoothing * (hidden * (F.embedding(targets, weight) - weight.mean(0))).sum()
        return loss, len(targets)


def sinusoids(count, size):
    features = torch.arange(size, dtype=torch.float64)
    angles = torch.arange(count, dtype=torch.float64)[:, None] * 10000 ** (-(features // 2 * 2) / size)
    return torch.where(features % 2 == 0, angles.sin(), angles.cos()).float()


def padded(sequences, special):
    """Ids [B, L], where attention may look in them [B, 1, 1, L] (None: everywhere), and which are real [B, L]."""
    longest = max(map(len, sequences))
    ids = torch.tensor([ids + [special["padding"]] * (longest - len(ids)) for ids in sequences])
    real = torch.arange(longest) < torch.tensor([len(ids) for ids in sequences])[:, None]
    return ids, None if real.all() else real[:, None, None], real


# Data.

def read_pairs(paths, options):
    """The sentence pairs of some files: lines of columns separated by tabs, gzipped or not."""
    columns, pairs = (options.source_column, options.target_column), []
    for path in paths:
        data = pathlib.Path(path).read_bytes()
        text = (gzip.decompress(data) if data.startswith(b"\x1f\x8b") else data).decode("utf-8-sig")
        for number, line in enumerate(text.removesuffix("\n").split("\n"), 1):
            row = line.removesuffix("\r").split("\t")
            if len(row) < max(columns):
                sys.exit(f"{path}:{number}: expected at least {max(columns)} columns, found {len(row)}")
            pairs.append([row[column - 1] for column in columns])
    return pairs


class Encoder:
    """Text to ids with the end token."""

    def __init__(self, tokenizer, settings, special):
        self.tokenizer, self.is_lowercased, self.end = tokenizer, settings["lowercase"], special["end"]

    def __call__(self, texts):
        texts = [text.lower() for text in texts] if self.is_lowercased else list(texts)
        return [x.ids + [self.end] for x in self.tokenizer.encode_batch(texts, add_special_tokens=False)]

    def pairs(self, paths, options):
        return list(zip(*map(self, zip(*read_pairs(paths, options)))))


def buckets(pairs, token_limit, seed):
    """Batches of similar lengths in random order, each of at most `token_limit` tokens: rows × longest side."""
    generator = random.Random(seed)
    line = sorted(generator.sample(pairs, len(pairs)), key=lambda pair: (len(pair[1]), len(pair[0])))
    batches, longest = [], 0
    for pair in line:
        longest = max(longest, *map(len, pair))
        if not batches or (len(batches[-1]) + 1) * longest > token_limit:
            batches.append([])
            longest = max(map(len, pair))
        batches[-1].append(pair)
    return generator.sample(batches, len(batches))


# Training.

def write_atomically(path, data):
    temporary = path.with_name(f"{path.name}.temporary")
    with open(temporary, "wb") as file:
        file.write(data)
        file.flush()
        os.fsync(file.fileno())
    temporary.replace(path)


@torch.no_grad()
def evaluate(model, pairs, settings):
    """The sum of the losses of all target tokens, and their number."""
    model.eval()
    results = [model.loss(batch) for batch in buckets(pairs, settings["batchTokens"], 0)]
    return sum(loss.item() for loss, _ in results), sum(count for _, count in results)


class Training:
    def __init__(self, model, settings, options, train, valid):
        self.model, self.settings, self.options, self.train, self.valid = model, settings, options, train, valid
        betas = (settings["beta1"], settings["beta2"])
        self.optimizer = torch.optim.Adam(model.parameters(), betas=betas, eps=settings["epsilon"], fused=True)
        self.progress = dict(update=0, epoch=0, batch=0, seconds=0, validations=[], recent=[0, 0, 0], log=0)
        self.checkpoint, self.epoch, self.signals = options.output / "checkpoint.pt", None, []
        if self.checkpoint.exists():
            if not options.resume:
                sys.exit(f"{self.checkpoint} exists: continue it with --resume or choose another --output")
            saved = torch.load(self.checkpoint, weights_only=True)
            if saved["seed"] != options.seed:
                sys.exit(f"{self.checkpoint}: expected seed {options.seed}, found {saved['seed']}")
            model.load_state_dict(saved["model"])
            self.optimizer.load_state_dict(saved["optimizer"])
            torch.set_rng_state(saved["random"])
            self.progress = saved["progress"]
        self.log = open(options.output / "log.jsonl", "ab")
        self.log.truncate(min(self.log.tell(), self.progress["log"]))  # what the checkpoint does not know of
        for number in (signal.SIGINT, signal.SIGTERM):
            signal.signal(number, self.stop)

    def stop(self, number, _):
        self.signals.append(number)
        signal.signal(number, signal.SIG_DFL)  # the second one ends the process

    def tell(self, **event):
        line = json.dumps(event)
        print(line, file=sys.stderr)
        self.progress["log"] += self.log.write(line.encode() + b"\n")
        self.log.flush()

    def save(self):
        os.fsync(self.log.fileno())
        state, data = dict(model=self.model.state_dict(), optimizer=self.optimizer.state_dict()), io.BytesIO()
        state |= dict(random=torch.get_rng_state(), progress=self.progress, seed=self.options.seed)
        torch.save(state, data)
        write_atomically(self.checkpoint, data.getbuffer())
        for path in set(self.options.output.glob("snapshot-*.safetensors")) - set(self.snapshots()):
            path.unlink()

    def snapshots(self):
        """The files of the validated models that are kept."""
        latest, is_best = self.progress["validations"][::-1], self.settings["snapshots"] == "best"
        ranked = sorted(latest, key=lambda x: (x["loss"], x["update"])) if is_best else latest
        return [self.snapshot(x["update"]) for x in ranked[: self.settings["snapshotCount"]]]

    def snapshot(self, update):
        return self.options.output / f"snapshot-{update}.safetensors"

    def average(self):
        weights = [load_file(path) for path in self.snapshots()]
        if weights:
            self.model.load_state_dict({name: sum(x[name] for x in weights) / len(weights) for name in weights[0]})

    def is_due(self, interval):
        return interval and self.progress["update"] and self.progress["update"] % interval == 0

    def reason_to_stop(self):
        progress, settings = self.progress, self.settings
        losses = [validation["loss"] for validation in progress["validations"]]
        if self.signals:
            return "interrupted"
        if settings["maximumUpdates"] and progress["update"] >= settings["maximumUpdates"]:
            return "maximumUpdates"
        if settings["maximumMinutes"] and progress["seconds"] >= 60 * settings["maximumMinutes"]:
            return "maximumMinutes"
        if settings["patience"] and losses and len(losses) - 1 - losses.index(min(losses)) >= settings["patience"]:
            return "earlyStopping"
        return None

    def run(self):
        """Trains until a limit is reached or a signal comes, saves, and returns why it ended."""
        while True:
            update = self.progress["update"]
            is_new = update not in [validation["update"] for validation in self.progress["validations"][-1:]]
            was_validated = self.is_due(self.settings["validationInterval"]) and is_new and not self.signals
            if was_validated:
                self.validate()
            reason = self.reason_to_stop()
            if was_validated or reason or self.is_due(self.settings["checkpointInterval"]):
                self.save()
            if reason:
                self.tell(event="stopped", reason=reason, update=update)
                for number in (signal.SIGINT, signal.SIGTERM):
                    signal.signal(number, signal.SIG_DFL)
                return reason
            self.step()

    def validate(self):
        start = time.perf_counter()
        loss, count = evaluate(self.model, self.valid, self.settings)
        self.progress["seconds"] += time.perf_counter() - start
        validation = dict(update=self.progress["update"], loss=loss / count, metrics={})
        self.progress["validations"].append(validation)
        path = self.snapshot(validation["update"])
        if path in self.snapshots():
            write_atomically(path, save(self.model.state_dict()))
        self.tell(event="validation", **validation)

    def step(self):
        """One update: the gradient of the mean loss of a batch's target tokens, clipped, and a step along it."""
        start, settings, progress = time.perf_counter(), self.settings, self.progress
        if self.epoch is None:
            self.epoch = buckets(self.train, settings["batchTokens"], f"{self.options.seed}/{progress['epoch']}")
        loss, count = self.model.train().loss(self.epoch[progress["batch"]], settings["smoothing"])
        self.optimizer.zero_grad()
        (loss / count).backward()
        limit = settings["clippingNorm"] or math.inf
        norm = nn.utils.clip_grad_norm_(self.model.parameters(), limit, error_if_nonfinite=True).item()
        update = progress["update"] = progress["update"] + 1
        rate = learning_rate(settings, update)
        for group in self.optimizer.param_groups:
            group["lr"] = rate
        self.optimizer.step()
        progress["batch"] += 1
        if progress["batch"] == len(self.epoch):
            progress["epoch"], progress["batch"], self.epoch = progress["epoch"] + 1, 0, None
        seconds = time.perf_counter() - start
        progress["seconds"] += seconds
        progress["recent"] = [old + new for old, new in zip(progress["recent"], (loss.item(), count, seconds))]
        if self.is_due(20):
            loss, count, seconds = progress["recent"]
            progress["recent"] = [0, 0, 0]
            self.tell(
                event="progress", update=update, epoch=progress["epoch"], loss=loss / count, learningRate=rate,
                gradientNorm=norm, tokensPerSecond=count / seconds, seconds=progress["seconds"])


def learning_rate(settings, update):
    peak, warmup, total = settings["peakRate"], max(1, settings["warmup"]), settings["maximumUpdates"]
    if update < warmup:
        return peak * update / warmup
    if settings["schedule"] == "inverseSquareRoot":
        return peak * math.sqrt(warmup / update)
    progress = (update - warmup) / (total - warmup) if update < total else 1
    return peak / 100 + 0.5 * (peak - peak / 100) * (1 + math.cos(math.pi * progress))


# Translation.

@torch.no_grad()
def beam_search(model, sources, width, alpha):
    """The best target of each source by log P / ((5 + |Y|) / 6)^α, |Y| with its end token (Wu et al. 2016, eq. 14).

    A sentence is done when `width` hypotheses are complete, when none of the living can still win, or at 2 K + 10."""
    special, limits = model.special, [2 * len(source) + 10 for source in sources]
    penalty = lambda length: ((5 + length) / 6) ** alpha
    batch, mask, _ = padded(sources, special)
    memories, past = model.eval().remember(batch, mask), [[] for _ in model.decoder]
    best, counts = [(-math.inf, [])] * len(sources), [0] * len(sources)
    living = list(range(len(sources)))  # the sentence of each row
    ids = torch.full((len(sources), width, 1), special["start"])
    scores = torch.tensor([0.0] + [-math.inf] * (width - 1)).repeat(len(sources), 1)
    for length in range(1, max(limits) + 1):
        hidden = model.decode(ids[:, :, -1], length - 1, memories, mask, past)
        continued = scores[..., None] + F.linear(hidden, model.embedding.weight).log_softmax(-1)  # [B, W, V]
        continued[..., [special["padding"], special["start"]]] = -math.inf
        totals, candidates = continued.flatten(1).topk(2 * width)
        origins, tokens = candidates // continued.shape[-1], candidates % continued.shape[-1]
        ended = tokens == special["end"]
        for row, place in ended[:, :width].nonzero().tolist():
            completed = (float(totals[row, place]) / penalty(length), ids[row, origins[row, place], 1:].tolist())
            best[living[row]] = max(best[living[row]], completed, key=lambda hypothesis: hypothesis[0])
            counts[living[row]] += 1
        scores, places = totals.masked_fill(ended, -math.inf).topk(width)
        origins, tokens = origins.gather(1, places), tokens.gather(1, places)
        ids = torch.cat([ids.gather(1, origins[..., None].expand(-1, -1, length)), tokens[..., None]], 2)
        going = []
        for row, sentence in enumerate(living):
            bound = float(scores[row, 0]) / penalty(limits[sentence])
            if length == limits[sentence] and not counts[sentence]:
                best[sentence] = (bound, ids[row, 0, 1:].tolist())
            elif length < limits[sentence] and counts[sentence] < width and bound > best[sentence][0]:
                going.append(row)
        if not going:
            break
        rows = (torch.tensor(going)[:, None] * width + origins[going]).flatten()
        past = [[x[rows] for x in layer] for layer in past]
        if len(going) < len(living):
            living, ids, scores = [living[row] for row in going], ids[going], scores[going]
            memories = [[x[going] for x in layer] for layer in memories]
            mask = mask if mask is None else mask[going]
    return [target for _, target in best]


def test(model, encoder, options, rows=64):
    """Translates a test set and scores it; consecutive lines with the same source are one with several references."""
    segments = [
        (source, [target for _, target in group])
        for source, group in itertools.groupby(read_pairs(options.test, options), key=lambda pair: pair[0])]
    start, translations = time.perf_counter(), [""] * len(segments)
    sources = sorted(enumerate(encoder(source for source, _ in segments)), key=lambda source: len(source[1]))
    sources = [source for source in sources if len(source[1]) > 1]
    for first in range(0, len(sources), rows):
        indices, batch = zip(*sources[first : first + rows])
        targets = beam_search(model, batch, options.beam, options.length_penalty)
        for index, text in zip(indices, encoder.tokenizer.decode_batch(targets)):
            translations[index] = text
    seconds = time.perf_counter() - start
    if options.output:
        write_atomically(options.output / "test.txt", "".join(f"{line}\n" for line in translations).encode())
    metric = sacrebleu.BLEU(tokenize=options.tokenize, lowercase=options.lowercase, force=True)
    references = itertools.zip_longest(*(references for _, references in segments))
    score = metric.corpus_score(translations, [list(stream) for stream in references]).score
    return dict(
        event="test", BLEU=round(score, 2), signature=str(metric.get_signature()), beam=options.beam,
        lengthPenalty=options.length_penalty, sentences=len(segments), seconds=seconds)


# The command.

def parse():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    add, path = parser.add_argument, dict(type=pathlib.Path, metavar="PATH")
    add("--config", **path, required=True, help="settings.json or config.json; what it leaves out has our defaults")
    add("--set", action="append", default=[], metavar="KEY=VALUE", help="one setting; may be repeated")
    add("--tokenizer", **path, required=True, help="tokenizer.json")
    add("--output", **path, help="the folder of a training")
    for name in ("--train", "--valid", "--test", "--logits"):
        add(name, action="append", metavar="TSV", help="sentence pairs, plain or gzipped; may be repeated")
    add("--source-column", type=int, default=1, help="counted from 1")
    add("--target-column", type=int, default=2, help="counted from 1")
    add("--import", **path, dest="imported", help="weights to begin with, safetensors")
    add("--export", **path, help="where the weights go in the end, safetensors")
    add("--beam", type=int, default=5, help="how many hypotheses the search keeps")
    add("--length-penalty", type=float, default=1.0, help="α")
    add("--tokenize", default="13a", help="sacreBLEU's tokenizer; none for text that is tokenised already")
    add("--lowercase", action="store_true", help="score without regard to case")
    add("--threads", type=int, default=os.cpu_count())
    add("--seed", type=int, default=1)
    add("--resume", action="store_true", help="go on from the checkpoint in the output folder, if there is one")
    options = parser.parse_args()
    if options.train and not (options.valid and options.output):
        parser.error("--train needs --valid and --output")
    return options


def read_settings(options):
    """The settings of the model and of its training."""
    given = json.loads(options.config.read_text())
    sections = dict(model=dict(MODEL), training=dict(TRAINING))
    changes = [("model", *change) for change in given.get("model", given.get("transformer", {})).items()]
    changes += [("training", *change) for change in given.get("training", {}).items()]
    for assignment in options.set:
        name, _, text = assignment.partition("=")
        section, _, key = name.rpartition(".")
        known = [name for name in sections if key in sections[name] and section in ("", name)]
        if len(known) != 1:
            sys.exit(f"--set {assignment}: expected the name of one setting; found {len(known)}")
        changes.append((known[0], key, text if isinstance(sections[known[0]][key], str) else json.loads(text)))
    for section, key, value in changes:
        if key not in sections[section] or value not in KNOWN.get(key, [value]):
            sys.exit(f"{section}.{key}={value}: not known to this script")
        sections[section][key] = value
    return sections["model"], sections["training"]


def main():
    options = parse()
    config, settings = read_settings(options)
    torch.set_num_threads(options.threads)
    torch.manual_seed(options.seed)
    tokenizer = Tokenizer.from_file(str(options.tokenizer))
    weights = load_file(options.imported) if options.imported else {}
    config["vocabularySize"] = len(weights["embedding.weight"]) if weights else tokenizer.get_vocab_size()
    encoder, model, training = Encoder(tokenizer, settings, config["special"]), Transformer(config), None
    if weights:
        model.load_state_dict({name: x.float() for name, x in weights.items()})
    if options.train:
        options.output.mkdir(parents=True, exist_ok=True)
        limit = min(settings["maximumLength"], settings["batchTokens"])
        examples = [pair for pair in encoder.pairs(options.train, options) if max(map(len, pair)) <= limit]
        training = Training(model, settings, options, examples, encoder.pairs(options.valid, options))
        if training.run() == "interrupted":
            sys.exit(128 + training.signals[0])
        training.average()
        shutil.copyfile(options.tokenizer, options.output / "tokenizer.json")
        write_atomically(options.output / "model.safetensors", save(model.state_dict()))
        folder = dict(name=options.output.name, architecture="transformer", transformer=config)
        write_atomically(options.output / "config.json", json.dumps(folder, indent=2).encode())
    if options.export:
        write_atomically(options.export, save(model.state_dict()))
    if options.logits:
        loss, count = evaluate(model, encoder.pairs(options.logits, options), settings)
        print(json.dumps(dict(lossSum=loss, tokenCount=count)))
    if options.test:
        result = test(model, encoder, options)
        if training:
            training.tell(**result)
        print(json.dumps(result))


if __name__ == "__main__":
    main()
