#!/usr/bin/env python3
"""Makes the folders of Tests/AttentionModelsTests/Fixtures/Marian: tiny models with random weights in Marian's binary container, as the
models of Firefox Translations are, and what a reading of the published formulas computes with them in float64.

    python3 scripts/make-marian-fixtures.py        (numpy, sentencepiece; versions are written into each folder's case.json)

`ssru` has integers of 8 bits with a scale and an SSRU in the decoder, `attention` float32 and self-attention, norms before the branches.
Run with the folder of a real model and a text file as arguments, it writes that model's greedy translation and log-probability of each line.
"""
import io, json, os, shutil, struct, sys
import numpy as np
import sentencepiece

ROOT = os.path.join(os.path.dirname(os.path.abspath(__file__)), "..", "Tests", "AttentionModelsTests", "Fixtures", "Marian")
TEXT = ["the house is small", "the house is old", "a small house", "the old man sees the small house", "o homem ve a casa", "a casa e pequena",
        "a casa velha", "o homem velho ve a casa pequena", "they see the sea", "eles veem o mar", "see the man", "veja o homem"]
MAGIC = 0xF11A48D5013417F5


# The container.

def pack(items):
    """[(name, type, shape, bytes)] as Marian writes them: sorted by name, data at a multiple of 256."""
    items = sorted(items)
    out = struct.pack("<QQ", 1, len(items))
    for name, kind, shape, data in items:
        out += struct.pack("<4Q", len(name) + 1, kind, len(shape), len(data))
    for name, *_ in items:
        out += name.encode() + b"\0"
    for _, _, shape, _ in items:
        out += struct.pack(f"<{len(shape)}i", *shape)
    gap = -(len(out) + 8) % 256
    return out + struct.pack("<Q", gap) + bytes(gap) + b"".join(data for *_, data in items)


def unpack(data):
    """Every matrix and vector of a container as float64, and the settings."""
    _, count = struct.unpack_from("<QQ", data)
    heads = [struct.unpack_from("<4Q", data, 16 + 32 * i) for i in range(count)]
    at, names, shapes = 16 + 32 * count, [], []
    for size, *_ in heads:
        names.append(data[at:at + size - 1].decode())
        at += size
    for head in heads:
        shapes.append(struct.unpack_from(f"<{head[2]}i", data, at))
        at += 4 * head[2]
    at += 8 + struct.unpack_from("<Q", data, at)[0]
    weights, options = {}, {}
    for name, shape, (_, kind, _, size) in zip(names, shapes, heads):
        part = data[at:at + size]
        at += size
        number = int(np.prod(shape))
        if kind == 0x0404:
            weights[name] = np.frombuffer(part, "<f4", number).reshape(shape).astype(np.float64)
        elif kind == 0x4101:
            scale = struct.unpack_from("<f", part, number)[0]
            whole = np.frombuffer(part, "i1", number).astype(np.float64) / scale
            weights[name] = whole.reshape(shape) if name.endswith("Wemb") else whole.reshape(shape[::-1]).T
        else:
            for line in part.rstrip(b"\0").decode().splitlines():
                if ": " in line:
                    key, value = line.split(": ", 1)
                    options[key] = value.strip('"')
    return weights, options


def padded(data):
    return data + bytes(-len(data) % 256)


def floats(array):
    array = np.asarray(array, "<f4")
    return array.tobytes() if array.size > 1 else padded(array.tobytes())


def integers(name, array):
    """One scale for the matrix; the bytes lie output by output, those of the words as the shape says."""
    scale = np.float32(127 / np.abs(array).max())
    whole = np.clip(np.round(array * scale), -127, 127).astype("i1")
    whole = whole if name.endswith("Wemb") else whole.T
    return padded(np.ascontiguousarray(whole).tobytes() + struct.pack("<f", scale))


# The model: Vaswani et al. 2017, Kim et al. 2019, and Marian's own choices.

class Model:
    def __init__(self, data):
        self.w, self.o = unpack(data)
        self.size, self.heads = int(self.o["dim-emb"]), int(self.o["transformer-heads"])
        self.pre = "n" in self.o["transformer-preprocess"]
        self.top = "n" in self.o["transformer-postprocess-top"]
        self.recurrent = self.o.get("transformer-decoder-autoreg") == "rnn"
        self.activation = {"relu": lambda x: np.maximum(x, 0), "swish": lambda x: x / (1 + np.exp(-x))}[self.o["transformer-ffn-activation"]]

    def norm(self, x, name):
        mean, variance = x.mean(-1, keepdims=True), x.var(-1, keepdims=True)
        return (x - mean) / np.sqrt(variance + 1e-6) * self.w[name + "_ln_scale"][0] + self.w[name + "_ln_bias"][0]

    def branch(self, x, name, function):
        return x + function(self.norm(x, name)) if self.pre else self.norm(x + function(x), name)

    def positions(self, first, count):
        half = self.size // 2
        angles = np.arange(first, first + count)[:, None] * 10000.0 ** (-np.arange(half) / (half - 1))
        return np.concatenate([np.sin(angles), np.cos(angles)], 1)

    def attend(self, name, x, y, causal=False):
        def split(z, letter):
            z = z @ self.w[f"{name}_W{letter}"] + self.w[f"{name}_b{letter}"][0]
            return z.reshape(len(z), self.heads, -1).transpose(1, 0, 2)
        q, k, v = split(x, "q"), split(y, "k"), split(y, "v")
        scores = q @ k.transpose(0, 2, 1) / np.sqrt(q.shape[-1])
        if causal:
            scores = np.where(np.tri(len(x), dtype=bool), scores, -np.inf)
        weights = np.exp(scores - scores.max(-1, keepdims=True))
        weights /= weights.sum(-1, keepdims=True)
        mixed = (weights @ v).transpose(1, 0, 2).reshape(len(x), -1)
        return mixed @ self.w[name + "_Wo"] + self.w[name + "_bo"][0], weights

    def feed(self, name, x):
        inner = self.activation(x @ self.w[name + "_W1"] + self.w[name + "_b1"][0])
        return inner @ self.w[name + "_W2"] + self.w[name + "_b2"][0]

    def encode(self, ids):
        x = self.w["Wemb"][ids] * np.sqrt(self.size) + self.positions(0, len(ids))
        for layer in range(1, int(self.o["enc-depth"]) + 1):
            name = f"encoder_l{layer}"
            x = self.branch(x, name + "_self_Wo", lambda y: self.attend(name + "_self", y, y)[0])
            x = self.branch(x, name + "_ffn_ffn", lambda y: self.feed(name + "_ffn", y))
        return self.norm(x, "encoder_top") if self.top else x

    def ssru(self, name, x):
        forget = 1 / (1 + np.exp(-(x @ self.w[name + "_Wf"] + self.w[name + "_bf"][0])))
        new, cell, outputs = x @ self.w[name + "_W"], 0, []
        for f, z in zip(forget, new):
            cell = f * cell + (1 - f) * z
            outputs.append(np.maximum(cell, 0))
        return np.stack(outputs)

    def decode(self, memory, before):
        """Logits after each of the words before, the first of which is nothing; where the last layer looked."""
        x = np.concatenate([np.zeros((1, self.size)), self.w["Wemb"][before] * np.sqrt(self.size)]) + self.positions(0, len(before) + 1)
        for layer in range(1, int(self.o["dec-depth"]) + 1):
            name, looked = f"decoder_l{layer}", []
            if self.recurrent:
                x = self.branch(x, name + "_rnn_ffn", lambda y: self.ssru(name + "_rnn", y))
            else:
                x = self.branch(x, name + "_self_Wo", lambda y: self.attend(name + "_self", y, y, causal=True)[0])

            def cross(y):
                mixed, weights = self.attend(name + "_context", y, memory)
                looked.append(weights)
                return mixed
            x = self.branch(x, name + "_context_Wo", cross)
            x = self.branch(x, name + "_ffn_ffn", lambda y: self.feed(name + "_ffn", y))
        x = self.norm(x, "decoder_top") if self.top else x
        return x @ self.w["Wemb"].T + self.w["decoder_ff_logit_out_b"][0], looked[0]

    def greedy(self, source, candidates=None):
        memory, words, total = self.encode(source), [], 0.0
        for _ in range(int(2.5 * len(source))):
            logits = self.decode(memory, words)[0][-1]
            if candidates is not None:
                logits = np.where(np.isin(np.arange(len(logits)), candidates), logits, -np.inf)
            logs = logits - logits.max() - np.log(np.exp(logits - logits.max()).sum())
            logs[1] = -np.inf
            best = int(logs.argmax())
            total += logs[best]
            if best == 0:
                break
            words.append(best)
        return words, total


class Shortlist:
    def __init__(self, data):
        magic, _, self.first, _, offsets, entries = struct.unpack_from("<6Q", data)
        assert magic == MAGIC
        self.offsets = np.frombuffer(data, "<u8", offsets, 48)
        self.entries = np.frombuffer(data, "<u4", entries, 48 + 8 * offsets)

    def candidates(self, source):
        found = set(range(self.first))
        for word in source:
            found |= set(map(int, self.entries[self.offsets[word]:self.offsets[word + 1]]))
        following = self.first
        while len(found) % 8:
            found.add(following)
            following += 1
        return sorted(found)


# The folders.

def settings(size, heads, vocabulary, encoder, decoder, hidden, recurrent, pre):
    return f"""bert-train-type-embeddings: true
dec-cell: ssru
dec-cell-base-depth: 2
dec-depth: {decoder}
dim-emb: {size}
dim-rnn: 1024
dim-vocabs:
  - {vocabulary}
  - {vocabulary}
enc-cell: gru
enc-depth: {encoder}
enc-type: bidirectional
input-types: []
lemma-dim-emb: 0
output-omit-bias: false
tied-embeddings-all: true
transformer-decoder-autoreg: {"rnn" if recurrent else "self-attention"}
transformer-dim-ffn: {hidden}
transformer-ffn-activation: {"relu" if recurrent else "swish"}
transformer-ffn-depth: 2
transformer-guided-alignment-layer: last
transformer-heads: {heads}
transformer-no-projection: false
transformer-postprocess: {"da" if pre else "dan"}
transformer-postprocess-emb: d
transformer-postprocess-top: {"n" if pre else '""'}
transformer-preprocess: {"n" if pre else '""'}
transformer-tied-layers: []
transformer-train-position-embeddings: false
type: transformer
version: v1.9.56
"""


def make(name, recurrent, seed, size=16, heads=2, vocabulary=48, encoder=2, decoder=2, hidden=24):
    folder = os.path.join(ROOT, name)
    shutil.rmtree(folder, ignore_errors=True)
    os.makedirs(folder)
    pre = not recurrent
    stream = io.BytesIO()
    sentencepiece.SentencePieceTrainer.train(
        sentence_iterator=iter(TEXT * 20), model_writer=stream, vocab_size=vocabulary, eos_id=0, unk_id=1, bos_id=-1, pad_id=-1,
        hard_vocab_limit=False, normalization_rule_name="identity", character_coverage=1.0, minloglevel=2)
    pieces = stream.getvalue()
    processor = sentencepiece.SentencePieceProcessor(model_proto=pieces)
    vocabulary = processor.get_piece_size()
    open(os.path.join(folder, "vocab.xxyy.spm"), "wb").write(pieces)

    generator = np.random.default_rng(seed)
    items = []

    def matrix(item, inputs, outputs):
        values = generator.normal(size=(inputs, outputs)) * (0.5 if item == "Wemb" else 1.1 / np.sqrt(inputs))
        if recurrent:
            items.append((item, 0x4101, (inputs, outputs), integers(item, values)))
            items.append((item + "_QuantMultA", 0x0404, (1, 1), floats([7.5])))
        else:
            items.append((item, 0x0404, (inputs, outputs), floats(values)))

    def vector(item, count, mean=0.0, deviation=0.2):
        items.append((item, 0x0404, (1, count), floats(mean + deviation * generator.normal(size=count))))

    def norm(item):
        vector(item + "_ln_scale", size, 1.0, 0.3)
        vector(item + "_ln_bias", size)

    def attention(item):
        for letter in "qkvo":
            matrix(f"{item}_W{letter}", size, size)
            vector(f"{item}_b{letter}", size)
        norm(item + "_Wo")

    def feed(item):
        matrix(item + "_W1", size, hidden), vector(item + "_b1", hidden)
        matrix(item + "_W2", hidden, size), vector(item + "_b2", size)
        norm(item + "_ffn")

    matrix("Wemb", vocabulary, size)
    items.append(("decoder_ff_logit_out_b", 0x0404, (1, vocabulary), floats(generator.normal(size=vocabulary) + 3 * (np.arange(vocabulary) == 0))))
    for layer in range(1, encoder + 1):
        attention(f"encoder_l{layer}_self"), feed(f"encoder_l{layer}_ffn")
    for layer in range(1, decoder + 1):
        if recurrent:
            item = f"decoder_l{layer}_rnn"
            matrix(item + "_W", size, size), matrix(item + "_Wf", size, size), vector(item + "_bf", size), norm(item + "_ffn")
        else:
            attention(f"decoder_l{layer}_self")
        attention(f"decoder_l{layer}_context"), feed(f"decoder_l{layer}_ffn")
    if pre:
        norm("encoder_top"), norm("decoder_top")
    yaml = settings(size, heads, vocabulary, encoder, decoder, hidden, recurrent, pre).encode() + b"\0"
    items.append(("special:model.yml", 0x0101, (len(yaml),), yaml))
    container = pack(items)
    open(os.path.join(folder, "model.xxyy.intgemm.alphas.bin"), "wb").write(container)
    lists = [sorted(generator.choice(vocabulary, generator.integers(0, 6), replace=False)) for _ in range(vocabulary)]
    offsets = np.cumsum([0] + [len(entries) for entries in lists])
    short = struct.pack("<6Q", MAGIC, 0, 5, 6, len(offsets), offsets[-1]) + offsets.astype("<u8").tobytes()
    short += np.concatenate(lists).astype("<u4").tobytes()
    open(os.path.join(folder, "lex.xxyy.s2t.bin"), "wb").write(short)
    open(os.path.join(folder, "config.yml"), "w").write(
        "relative-paths: true\nmodels:\n  - model.xxyy.intgemm.alphas.bin\nbeam-size: 1\nnormalize: 1.0\nmax-length-factor: 2.5\n")

    model, shortlist, cases = Model(container), Shortlist(short), []
    for text in TEXT[:6] + ["see the old sea"]:
        source = processor.encode(text) + [0]
        target = [int(word) for word in generator.integers(2, vocabulary, 4)]
        logits, looked = model.decode(model.encode(source), target)
        words, total = model.greedy(source)
        candidates = shortlist.candidates(source)
        few, few_total = model.greedy(source, candidates)
        cases.append({
            "text": text, "source": source, "target": target, "logits": np.round(logits, 6).tolist(), "looked": np.round(looked, 6).tolist(),
            "greedy": words, "logProbability": round(total, 6), "candidates": candidates, "shortGreedy": few,
            "shortLogProbability": round(few_total, 6), "translation": processor.decode(words)})
    json.dump({"seed": seed, "numpy": np.__version__, "sentencepiece": sentencepiece.__version__, "cases": cases},
              open(os.path.join(folder, "case.json"), "w"), separators=(",", ":"))


def translate(folder, path):
    def only(ending):
        return os.path.join(folder, next(name for name in sorted(os.listdir(folder)) if name.endswith(ending)))
    model = Model(open(only(".alphas.bin"), "rb").read())
    processor = sentencepiece.SentencePieceProcessor(model_file=only(".spm"))
    shortlist = Shortlist(open(only(".s2t.bin"), "rb").read()) if "--shortlist" in sys.argv else None
    for line in open(path):
        source = processor.encode(line.rstrip("\n")) + [0]
        words, total = model.greedy(source, shortlist and shortlist.candidates(source))
        print(processor.decode(words), f"{total:.5f}", sep="\t")


if len(sys.argv) > 2:
    translate(sys.argv[1], sys.argv[2])
else:
    make("ssru", True, 1)
    make("attention", False, 2)
